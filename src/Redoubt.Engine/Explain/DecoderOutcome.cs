namespace Redoubt.Engine.Explain;

/// <summary>What came of trying a decoder.</summary>
public enum DecoderOutcome
{
    /// <summary>Its prematch does not fit; the next one is tried.</summary>
    PrematchFailed,

    /// <summary>It is the line's decoder, or the child that decides on.</summary>
    Chosen,

    /// <summary>It was chosen, but its regex does not fit: it gives no fields.</summary>
    RegexFailed,

    /// <summary>It took fields out of the log.</summary>
    GaveFields,
}
