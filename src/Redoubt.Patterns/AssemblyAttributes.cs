// The machine's small work arrays are always written before they are read; clearing them first would cost more than most matches.
[module: System.Runtime.CompilerServices.SkipLocalsInit]
