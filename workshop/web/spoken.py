"""256 words that sound different, for comparing aloud: short, Italian, in everybody's mouth."""

from collections.abc import Iterable
from typing import Final

_TEXT: Final = (
    "abete acqua ago aglio airone albero alga ambra amico ancora anello angelo ape arancia arco argento aria asino aurora "
    "autunno avena bacca balcone balena bambù banco barca basilico bastone baule becco betulla biglia bocca bosco botte "
    "bottone braccio brezza brina bruco bussola caffè calamaro calza camino campana canale candela canto capanna carbone "
    "cardo carro carta casa castagna cavallo cedro cena cervo cesto chiave chiodo chitarra cicala ciliegia cinghiale "
    "cipolla coda collina colore conchiglia coniglio corda corvo cotone cuore cuscino dado danza dattero delfino dente "
    "diario ditale domenica drago duna edera elmo erba estate faggio falco faro farina farfalla fascia fata felce ferro "
    "festa fiaba fico fieno fiore fiume foglia folla fontana forchetta fragola frutta fulmine fumo fune fungo fuoco "
    "gabbiano gallo gatto gelso gemma gesso ghianda ghiro giardino giglio ginestra giostra girasole gomitolo gonna grano "
    "grillo grotta guanto gufo imbuto inchiostro inverno isola istrice lago lampada lana lancia lattuga lavagna legno "
    "lenzuolo lepre libro limone lino liquirizia lucciola luna lupo maggio maglia mandorla mantello mare margherita "
    "martello mela melone menta merlo miele mora mulino muschio nave nebbia neve nido nocciola nodo notte nuvola oca oliva "
    "ombra onda orologio orso orto ostrica pagina pala palla pane panca papavero passero pasta patata pavone penna pepe "
    "pera pesca pettine piazza pietra pino pioggia pipa piuma polenta pollo pomodoro ponte porta pozzo prato prugna "
    "quaderno quercia radice ragno rame ramo rana remo ricotta riccio riso robinia ronda rosa rosmarino rospo ruota sabbia "
    "sale salice salvia sandalo sapone sasso scala scarpa sciarpa secchio seme sentiero seta sole sorgente spiga stella "
    "zucca "
)
WORDS: Final = tuple(_TEXT.split())


def words_for(numbers: Iterable[int]) -> list[str]:
    return [WORDS[number] for number in numbers]
