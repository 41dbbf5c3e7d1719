namespace Redoubt.Patterns.Shapes;

/// <summary>What one step of a <see cref="ShapeProgram"/> does.</summary>
internal enum StepKind : byte
{
    /// <summary>Reads one byte of a set.</summary>
    Read,

    /// <summary>Goes on in two places.</summary>
    Split,

    /// <summary>The group begins here.</summary>
    Begin,

    /// <summary>From here on something must not follow.</summary>
    NotFollowedBy,

    /// <summary>Nothing may follow.</summary>
    End,

    /// <summary>All is read.</summary>
    Done,
}

/// <summary>One step.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Next">The step after it.</param>
/// <param name="Other">The second way of a split; the first step of what must not follow.</param>
/// <param name="Set">What is read.</param>
internal readonly record struct ProgramStep(StepKind Kind, int Next, int Other, ByteSet Set);

/// <summary>A pattern as a machine of steps that reads a whole line, in all the ways in which it can be read.</summary>
internal sealed class ShapeProgram
{
    // Twice that often something repeats by itself, it is taken for any number of times: more texts than really match, never fewer.
    private const int MaxCopies = 16;
    private const int MaxExactCopies = 64;
    private const int MaxSteps = 4_000;

    private readonly List<ProgramStep> _steps = [];
    private readonly int _group;

    private ShapeProgram(int group) => _group = group;

    public IReadOnlyList<ProgramStep> Steps => _steps;

    /// <summary>Where a line begins.</summary>
    public int Start { get; private set; }

    /// <summary>Makes the machine of patterns that follow one another, each from where the one before ended.</summary>
    /// <param name="patterns">At least one; the group is one of the last.</param>
    /// <param name="group">Number of the group that is looked for.</param>
    /// <returns>Null when it would be too large.</returns>
    public static ShapeProgram? Of(IReadOnlyList<PatternNode> patterns, int group)
    {
        var program = new ShapeProgram(group);
        var next = program.Add(new ProgramStep(StepKind.Done, 0, 0, default));
        next = program.Build(PatternNode.Anything, next, isBody: false);
        for (var i = patterns.Count - 1; i >= 0 && next >= 0; i--)
        {
            next = program.Build(patterns[i], next, isBody: false, hasGroup: i == patterns.Count - 1);
            if (next >= 0 && !BeginsAtStart(patterns[i]))
                next = program.Build(PatternNode.Anything, next, isBody: false);
        }

        program.Start = next;
        return next < 0 ? null : program;
    }

    private static bool BeginsAtStart(PatternNode node) =>
        node switch
        {
            StartNode or NotFollowedByNode { Part: SequenceNode { Parts.Count: 0 } } => true,
            ChoiceNode choice => choice.Choices.All(BeginsAtStart),
            GroupNode group => BeginsAtStart(group.Part),
            AtomicNode atomic => BeginsAtStart(atomic.Part),
            SequenceNode sequence => sequence.Parts.FirstOrDefault(part =>
                part is not (SequenceNode { Parts.Count: 0 } or NotFollowedByNode { Part: not SequenceNode { Parts.Count: 0 } })
            )
                is { } first
                && BeginsAtStart(first),
            _ => false,
        };

    private int Add(ProgramStep step)
    {
        if (_steps.Count >= MaxSteps)
            return -1;

        _steps.Add(step);
        return _steps.Count - 1;
    }

    // From the end to the beginning: each part knows what follows it. Negative: too large.
    private int Build(PatternNode node, int next, bool isBody, bool hasGroup = false)
    {
        if (next < 0)
            return next;

        switch (node)
        {
            case SetNode set:
                return Add(new ProgramStep(StepKind.Read, next, 0, set.Set));
            case SequenceNode sequence:
                for (var i = sequence.Parts.Count - 1; i >= 0; i--)
                    next = Build(sequence.Parts[i], next, isBody, hasGroup);

                return next;
            case ChoiceNode choice:
                return choice
                    .Choices.Select(part => Build(part, next, isBody, hasGroup))
                    .Aggregate(
                        (first, second) => first < 0 || second < 0 ? -1 : Add(new ProgramStep(StepKind.Split, first, second, default))
                    );
            case RepeatNode repeat:
                return Repeat(repeat, next, isBody, hasGroup);
            case GroupNode group:
                var inner = Build(group.Part, next, isBody, hasGroup);
                return inner >= 0 && hasGroup && group.Number == _group ? Add(new ProgramStep(StepKind.Begin, inner, 0, default)) : inner;
            case AtomicNode atomic:
                return Build(atomic.Part, next, isBody, hasGroup);
            case EndNode end:
                var atEnd = Add(new ProgramStep(StepKind.End, next, 0, default));
                return isBody || !end.AlsoBeforeNewline || atEnd < 0
                    ? atEnd
                    : Add(new ProgramStep(StepKind.Split, atEnd, Add(new ProgramStep(StepKind.Read, atEnd, 0, ByteSet.NewLine)), default));
            case NotFollowedByNode unwanted:
                return NotFollowedBy(unwanted, next);
            default:
                // A condition that is not looked into lets everything pass.
                return next;
        }
    }

    private int Repeat(RepeatNode repeat, int next, bool isBody, bool hasGroup)
    {
        var copies = isBody ? MaxExactCopies : MaxCopies;
        var least = Math.Min(repeat.Least, copies);
        if (repeat.Most is { } most && most <= 2 * copies)
        {
            var end = next;
            for (var i = least; i < most && next >= 0; i++)
            {
                var part = Build(repeat.Part, next, isBody, hasGroup);
                next = part < 0 ? part : Add(new ProgramStep(StepKind.Split, part, end, default));
            }
        }
        else
        {
            var loop = Add(new ProgramStep(StepKind.Split, 0, next, default));
            var part = loop < 0 ? loop : Build(repeat.Part, loop, isBody, hasGroup);
            if (part < 0)
                return part;

            _steps[loop] = new ProgramStep(StepKind.Split, part, next, default);
            next = loop;
        }

        for (var i = 0; i < least && next >= 0; i++)
            next = Build(repeat.Part, next, isBody, hasGroup);

        return next;
    }

    // What must not follow takes lines away. Where it is not known exactly none is taken: too many lines are looked at, never too few.
    private int NotFollowedBy(NotFollowedByNode unwanted, int next)
    {
        if (!unwanted.Part.IsExact || HasLongCount(unwanted.Part))
            return next;

        var done = Add(new ProgramStep(StepKind.Done, 0, 0, default));
        var body = Build(unwanted.Part, done, isBody: true);
        return body < 0 ? body : Add(new ProgramStep(StepKind.NotFollowedBy, next, body, default));
    }

    private static bool HasLongCount(PatternNode node) =>
        node switch
        {
            RepeatNode repeat => repeat.Least > MaxExactCopies || repeat.Most > 2 * MaxExactCopies || HasLongCount(repeat.Part),
            SequenceNode sequence => sequence.Parts.Any(HasLongCount),
            ChoiceNode choice => choice.Choices.Any(HasLongCount),
            GroupNode group => HasLongCount(group.Part),
            _ => false,
        };
}
