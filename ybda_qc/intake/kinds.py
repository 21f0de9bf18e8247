"""Names that give away what a file is: droppings of operating systems, hidden files, programs."""

import re

# What Windows, macOS, network storages and office programs leave behind where people have looked.
_SYSTEM = re.compile(
    r"thumbs\.db(:encryptable)?|ehthumbs(_vista)?\.db|desktop\.ini|folder\.jpg\.lnk"
    r"|\.ds_store|\._.*|\.appledouble|\.spotlight-v100|\.trashes|\.trash-[0-9]+|\.fseventsd|__macosx"
    r"|\.temporaryitems|\.documentrevisions-v100|\.apdisk|\.directory|\.nfs[0-9a-f]+|lost\+found"
    r"|@eadir|#recycle|\$recycle\.bin|recycler|system volume information|found\.[0-9]{3}"
    r"|~\$.*|\.~lock\..*",
    re.IGNORECASE | re.DOTALL,
)

# Programs and scripts that Windows, macOS or Linux start at a double click, and what starts them.
_EXECUTABLE = re.compile(
    r"\.(apk|app|appimage|bash|bat|cmd|com|command|cpl|csh|deb|desktop|dll|drv|dylib"
    r"|elf|exe|gadget|hta|inf|jar|js|jse|ksh|lnk|msc|msi|msp|ocx|pif|ps1|ps1xml"
    r"|psm1|py|pyc|pyw|rb|reg|rpm|run|scf|scr|sct|sh|so|sys|url|vb|vbe|vbs|wsc"
    r"|wsf|wsh|xll|zsh)",
    re.IGNORECASE,
)


def is_system(name: str) -> bool:
    """Whether a file or folder of that name is left behind by an operating system or office program."""
    return _SYSTEM.fullmatch(name) is not None


def is_hidden(name: str) -> bool:
    """Whether a file or folder of that name is hidden from people who list the folder."""
    return name.startswith(".")


def is_executable(name: str) -> bool:
    """Whether a file of that name is a program or script, by its extension."""
    _, dot, extension = name.rpartition(".")
    return _EXECUTABLE.fullmatch(dot + extension) is not None
