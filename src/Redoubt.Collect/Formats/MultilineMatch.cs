namespace Redoubt.Collect;

/// <summary>Which lines the pattern of <c>multiline_regex</c> fits.</summary>
public enum MultilineMatch
{
    /// <summary>The first of a record.</summary>
    Start,

    /// <summary>All of a record, joined.</summary>
    All,

    /// <summary>The last of a record.</summary>
    End,
}
