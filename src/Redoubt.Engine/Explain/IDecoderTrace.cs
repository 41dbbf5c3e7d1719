using Redoubt.Engine.Decode;

namespace Redoubt.Engine.Explain;

/// <summary>Watches the search for a decoder. The walker is compiled once per kind of watcher; without one nothing is left of the calls.</summary>
internal interface IDecoderTrace
{
    /// <summary>Whether there is a watcher at all: a constant for the compiler.</summary>
    static abstract bool IsOn { get; }

    /// <summary>A decoder's prematch did not fit, so the next one is tried.</summary>
    void PrematchFailed(Decoder decoder, DecodedEvent e);

    /// <summary>The decoder is the event's, or a child that decides on.</summary>
    void Chosen(Decoder decoder);

    /// <summary>The decoder's regex did not fit, so it gives no fields.</summary>
    void RegexFailed(Decoder decoder, DecodedEvent e);

    /// <summary>The decoder took fields out of the log.</summary>
    void GaveFields(Decoder decoder);
}
