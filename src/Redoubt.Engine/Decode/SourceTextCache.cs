using Redoubt.Model;

namespace Redoubt.Engine.Decode;

/// <summary>Finds the texts of a line's source without making them again.</summary>
/// <remarks>Bounded: when full it starts anew, which costs only the making of the texts. Threads: not safe.</remarks>
internal sealed class SourceTextCache
{
    private const int MaxSources = 100_000;

    private readonly Dictionary<(AgentIdentity Agent, string Location, bool IsClaimed), SourceTexts> _sources = [];
    private SourceTexts? _last;

    public SourceTexts Of(AgentIdentity agent, string location, bool isClaimed)
    {
        if (
            _last is { } last
            && ReferenceEquals(last.Agent, agent)
            && ReferenceEquals(last.Location, location)
            && last.IsClaimed == isClaimed
        )
            return last;

        if (!_sources.TryGetValue((agent, location, isClaimed), out var texts))
        {
            if (_sources.Count >= MaxSources)
                _sources.Clear();

            texts = new SourceTexts(agent, location, isClaimed);
            _sources.Add((agent, location, isClaimed), texts);
        }

        _last = texts;
        return texts;
    }
}
