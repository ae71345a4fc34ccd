"""Questions asked of the rows, named after what they answer. They read and never decide."""
