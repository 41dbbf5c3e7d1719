using System.Text;
using Redoubt.Engine.Decode;

namespace Redoubt.Engine;

/// <summary>A line of which everything is known that it tells by itself; an <see cref="AnalysisEngine"/> then says what it means after the lines before it.</summary>
/// <remarks>Reused from line to line. Memory: about 30 KiB, and twice the longest line. Threads: not safe; may be handed from one to another.</remarks>
public sealed class PreparedLine
{
    /// <param name="ruleset">The rules it will be matched with.</param>
    /// <param name="options">The options of the engine.</param>
    public PreparedLine(Ruleset ruleset, EngineOptions options)
    {
        Ruleset = ruleset;
        Event = new DecodedEvent(
            ruleset.Names,
            ruleset.Literals.WordCount,
            Encoding.UTF8.GetBytes(options.HostName),
            ruleset.Compatibility
        );
        Result = new AnalysisResult(Event);
    }

    internal Ruleset Ruleset { get; }

    internal DecodedEvent Event { get; }

    /// <summary>What was found; complete once the line was concluded.</summary>
    public AnalysisResult Result { get; }

    /// <summary>Whether the candidates of the event are found; not so when earlier lines may still fill fields of it.</summary>
    internal bool IsScouted { get; set; }
}
