using Redoubt.Model;

namespace Redoubt.Engine.Decode;

/// <summary>Finds the texts of a line's source without making them again.</summary>
/// <remarks>Bounded: when full it starts anew, which costs only the making of the texts. Threads: not safe.</remarks>
internal sealed class SourceTextCache
{
    private const int MaxSources = 100_000;

    private readonly Dictionary<(AgentIdentity Agent, string Location), SourceTexts> _sources = [];
    private SourceTexts? _last;

    public SourceTexts Of(AgentIdentity agent, string location)
    {
        if (_last is { } last && ReferenceEquals(last.Agent, agent) && ReferenceEquals(last.Location, location))
            return last;

        if (!_sources.TryGetValue((agent, location), out var texts))
        {
            if (_sources.Count >= MaxSources)
                _sources.Clear();

            texts = new SourceTexts(agent, location);
            _sources.Add((agent, location), texts);
        }

        _last = texts;
        return texts;
    }
}
