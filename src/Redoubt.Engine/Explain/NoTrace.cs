using Redoubt.Engine.Correlate;
using Redoubt.Engine.Decode;
using Redoubt.Engine.Match;

namespace Redoubt.Engine.Explain;

/// <summary>Nobody watches: the usual case, in which the compiler leaves everything about watching out.</summary>
internal readonly struct NoTrace : IDecoderTrace, IRuleTrace
{
    static bool IDecoderTrace.IsOn => false;

    static bool IRuleTrace.IsOn => false;

    public void PrematchFailed(Decoder decoder, DecodedEvent e) { }

    public void Chosen(Decoder decoder) { }

    public void RegexFailed(Decoder decoder, DecodedEvent e) { }

    public void GaveFields(Decoder decoder) { }

    public void Try(Rule rule) { }

    public void Failed(int condition, DecodedEvent e) { }

    public void Kept(int place) { }

    public void Barren() { }

    public void Leave() { }

    public void Failed(int place, int condition, DecodedEvent e) { }

    public void Counted(int place, WindowCount count) { }

    public void Matched(int place) { }

    public void Final(int place) { }
}
