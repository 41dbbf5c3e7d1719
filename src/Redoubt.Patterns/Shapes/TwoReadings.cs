namespace Redoubt.Patterns.Shapes;

/// <summary>Looks for a line that can be read in two ways, so that the group begins in two places.</summary>
/// <remarks>
/// Two readers go through the same line side by side, in all ways at once; the first is the one whose group begins earlier. If both can
/// reach the end, the line has two readings. Two beginnings inside one run of address bytes are one place: <c>::ffff:192.0.2.7</c>
/// and the <c>192.0.2.7</c> in it are the same address. Cost: bounded by <see cref="MaxStates"/>. One object a search.
/// </remarks>
internal sealed class TwoReadings
{
    private const int MaxStates = 300_000;

    private readonly IReadOnlyList<ProgramStep> _steps;
    private readonly int _start;
    private readonly Dictionary<int, Place[]> _places = [];
    private readonly WatchSets _watches;
    private readonly ByteSet[] _kinds;
    private readonly Dictionary<State, (State From, byte Read)> _seen = [];
    private readonly Queue<State> _open = new();

    public TwoReadings(ShapeProgram program)
    {
        (_steps, _start) = (program.Steps, program.Start);
        _watches = new WatchSets(_steps);
        _kinds = _watches.KindsOfBytes();
    }

    // How far the group of the two readers has come.
    private enum Phase : byte
    {
        NotBegun,

        // The first reader's began, and only bytes of an address were read since.
        InAddress,
        BehindAddress,
        TwoPlaces,
    }

    /// <summary>A line with two readings; empty when there is none, null when there was too much to look at.</summary>
    public byte[]? FindLine()
    {
        if (Pairs(_start, _start, _watches.None, _watches.None, Phase.NotBegun, default, 0) is { } shortest)
            return shortest;

        while (_open.TryDequeue(out var state))
        {
            if (_seen.Count > MaxStates)
                return null;

            var (first, second) = (_steps[state.First], _steps[state.Second]);
            var common = first.Set & second.Set;
            foreach (var kind in _kinds)
            {
                var bytes = common & kind;
                if (bytes.IsEmpty)
                    continue;

                var sample = bytes.Sample();
                var (firstWatch, secondWatch) = (_watches.After(state.FirstWatch, sample), _watches.After(state.SecondWatch, sample));
                if (firstWatch == WatchSets.Violated || secondWatch == WatchSets.Violated)
                    continue;

                var phase = state.Phase == Phase.InAddress && !ByteSet.Address.Contains(sample) ? Phase.BehindAddress : state.Phase;
                if (Pairs(first.Next, second.Next, firstWatch, secondWatch, phase, state, sample) is { } line)
                    return line;
            }
        }

        return [];
    }

    // All pairs of places that the two readers may be at next. A line when both are through.
    private byte[]? Pairs(int first, int second, int firstWatch, int secondWatch, Phase phase, State from, byte read)
    {
        foreach (var a in PlacesFrom(first))
        {
            foreach (var b in PlacesFrom(second))
            {
                if (Both(phase, a.HasBegun, b.HasBegun) is not { } both || (a.Step < 0) != (b.Step < 0))
                    continue;

                var watchOfA = _watches.With(firstWatch, a.Watches);
                var watchOfB = _watches.With(secondWatch, b.Watches);
                if (watchOfA == WatchSets.Violated || watchOfB == WatchSets.Violated)
                    continue;

                if (a.Step < 0)
                {
                    if (both == Phase.TwoPlaces && !_watches.IsViolatedAtEnd(watchOfA) && !_watches.IsViolatedAtEnd(watchOfB))
                        return LineTo(from, read);

                    continue;
                }

                var state = new State(a.Step, b.Step, both, watchOfA, watchOfB);
                if (_seen.TryAdd(state, (from, read)))
                    _open.Enqueue(state);
            }
        }

        return null;
    }

    // Null where this is no two places, or the same with the readers exchanged.
    private static Phase? Both(Phase phase, bool firstBegins, bool secondBegins) =>
        phase switch
        {
            Phase.NotBegun when firstBegins => secondBegins ? null : Phase.InAddress,
            Phase.NotBegun => secondBegins ? null : Phase.NotBegun,
            Phase.InAddress => secondBegins ? null : Phase.InAddress,
            Phase.BehindAddress => secondBegins ? Phase.TwoPlaces : Phase.BehindAddress,
            _ => phase,
        };

    private byte[] LineTo(State state, byte last)
    {
        var line = new List<byte> { last };
        while (_seen[state] is var (from, read) && from != state && from.Exists)
        {
            line.Add(read);
            state = from;
        }

        line.Reverse();
        return [.. line];
    }

    /// <summary>The steps that read, and the end, that are reached without reading.</summary>
    private Place[] PlacesFrom(int step)
    {
        if (!_places.TryGetValue(step, out var places))
        {
            var found = new HashSet<Place>();
            Follow(new Place(step, false, 0), atEnd: false, [], found);
            _places.Add(step, places = [.. found]);
        }

        return places;
    }

    private void Follow(Place at, bool atEnd, HashSet<(Place At, bool AtEnd)> seen, HashSet<Place> found)
    {
        if (!seen.Add((at, atEnd)))
            return;

        var step = _steps[at.Step];
        switch (step.Kind)
        {
            case StepKind.Read when !atEnd:
                found.Add(at);
                break;
            case StepKind.Done:
                found.Add(at with { Step = -1 });
                break;
            case StepKind.Split:
                Follow(at with { Step = step.Next }, atEnd, seen, found);
                Follow(at with { Step = step.Other }, atEnd, seen, found);
                break;
            case StepKind.Begin:
                Follow(at with { Step = step.Next, HasBegun = true }, atEnd, seen, found);
                break;
            case StepKind.End:
                Follow(at with { Step = step.Next }, atEnd: true, seen, found);
                break;
            case StepKind.NotFollowedBy:
                Follow(at with { Step = step.Next, Watches = _watches.Add(at.Watches, step.Other) }, atEnd, seen, found);
                break;
            default:
                break;
        }
    }

    /// <summary>Where a reader may stand.</summary>
    /// <param name="Step">A step that reads, or -1 at the end.</param>
    /// <param name="HasBegun">Whether the group began on the way.</param>
    /// <param name="Watches">What must not follow from here, as a set of <see cref="WatchSets"/>.</param>
    private readonly record struct Place(int Step, bool HasBegun, int Watches);

    private readonly record struct State(int First, int Second, Phase Phase, int FirstWatch, int SecondWatch)
    {
        // Step 0 is the end of the program and never reads.
        public bool Exists => First != 0;
    }
}
