namespace Redoubt.Patterns.Shapes;

/// <summary>Follows what must not follow: each reader of a line has a set of steps at which unwanted texts have arrived.</summary>
/// <remarks>Sets are kept once and called by number; 0 is the empty set.</remarks>
internal sealed class WatchSets
{
    /// <summary>An unwanted text stands in the line: it cannot be read like this.</summary>
    public const int Violated = -1;

    private readonly IReadOnlyList<ProgramStep> _steps;
    private readonly List<int[]> _sets =
    [
        [],
    ];
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal) { [string.Empty] = 0 };
    private readonly Dictionary<(int Set, byte Read), int> _after = [];

    public WatchSets(IReadOnlyList<ProgramStep> steps) => _steps = steps;

    /// <summary>The empty set.</summary>
    public int None => 0;

    /// <summary>Bytes by what they mean to the watched texts and to addresses; together all bytes.</summary>
    public ByteSet[] KindsOfBytes()
    {
        var kinds = new List<ByteSet> { ByteSet.Address, ~ByteSet.Address };
        foreach (var set in WatchedSets().Distinct())
            kinds = [.. kinds.SelectMany(kind => (ByteSet[])[kind & set, kind & ~set]).Where(kind => !kind.IsEmpty)];

        return [.. kinds];
    }

    /// <summary>The set with the beginning of one more unwanted text.</summary>
    public int Add(int set, int body) => set == Violated ? Violated : Number([.. _sets[set], body]);

    /// <summary>The two sets together.</summary>
    public int With(int set, int other) =>
        other == 0 ? set
        : set == Violated || other == Violated ? Violated
        : Number([.. _sets[set], .. _sets[other]]);

    /// <summary>The set behind one more byte of the line.</summary>
    public int After(int set, byte read)
    {
        if (set <= 0)
            return set;

        if (!_after.TryGetValue((set, read), out var next))
        {
            var moved = _sets[set].Where(step => _steps[step].Kind == StepKind.Read && _steps[step].Set.Contains(read));
            _after.Add((set, read), next = Number([.. moved.Select(step => _steps[step].Next)]));
        }

        return next;
    }

    /// <summary>Whether an unwanted text is complete when the line ends here.</summary>
    public bool IsViolatedAtEnd(int set) => set == Violated || _sets[set].Any(step => _steps[step].Kind == StepKind.End);

    // Follows what reads nothing; an unwanted text that is complete spoils the set.
    private int Number(IEnumerable<int> steps)
    {
        var (open, found) = (new Stack<int>(steps), new SortedSet<int>());
        var seen = new HashSet<int>();
        while (open.TryPop(out var at))
        {
            if (!seen.Add(at))
                continue;

            var step = _steps[at];
            switch (step.Kind)
            {
                case StepKind.Read:
                    found.Add(at);
                    break;
                case StepKind.End when LeadsToDone(step.Next):
                    found.Add(at);
                    break;
                case StepKind.Done:
                    return Violated;
                case StepKind.Split:
                    open.Push(step.Next);
                    open.Push(step.Other);
                    break;
                default:
                    break;
            }
        }

        var key = string.Join(',', found);
        if (!_numbers.TryGetValue(key, out var number))
        {
            _numbers.Add(key, number = _sets.Count);
            _sets.Add([.. found]);
        }

        return number;
    }

    private bool LeadsToDone(int step) =>
        _steps[step].Kind switch
        {
            StepKind.Done => true,
            StepKind.End => LeadsToDone(_steps[step].Next),
            StepKind.Split => LeadsToDone(_steps[step].Next) || LeadsToDone(_steps[step].Other),
            _ => false,
        };

    private IEnumerable<ByteSet> WatchedSets()
    {
        var (open, seen) = (
            new Stack<int>(_steps.Where(step => step.Kind == StepKind.NotFollowedBy).Select(step => step.Other)),
            new HashSet<int>()
        );
        while (open.TryPop(out var at))
        {
            if (!seen.Add(at))
                continue;

            var step = _steps[at];
            if (step.Kind == StepKind.Read)
                yield return step.Set;

            if (step.Kind != StepKind.Done)
                open.Push(step.Next);

            if (step.Kind == StepKind.Split)
                open.Push(step.Other);
        }
    }
}
