namespace Redoubt.Patterns.Shapes;

/// <summary>A part of a pattern, of either dialect: what texts it matches, not how it searches for them.</summary>
internal abstract record PatternNode
{
    public static PatternNode Nothing { get; } = new SequenceNode([]);

    public static PatternNode Anything { get; } = new RepeatNode(new SetNode(ByteSet.All), 0, null);

    /// <summary>Whether the texts are just those that the pattern matches; otherwise it may match fewer.</summary>
    public virtual bool IsExact => true;
}

/// <summary>One byte of a set.</summary>
internal sealed record SetNode(ByteSet Set) : PatternNode;

/// <summary>One after the other.</summary>
internal sealed record SequenceNode(IReadOnlyList<PatternNode> Parts) : PatternNode
{
    public override bool IsExact => Parts.All(part => part.IsExact);
}

/// <summary>One of several.</summary>
internal sealed record ChoiceNode(IReadOnlyList<PatternNode> Choices) : PatternNode
{
    public override bool IsExact => Choices.All(choice => choice.IsExact);
}

/// <summary>Something several times; without a most, any number.</summary>
internal sealed record RepeatNode(PatternNode Part, int Least, int? Most) : PatternNode
{
    public override bool IsExact => Part.IsExact;
}

/// <summary>A group whose place is reported, numbered from 1 by its opening parenthesis.</summary>
internal sealed record GroupNode(int Number, PatternNode Part) : PatternNode
{
    public override bool IsExact => Part.IsExact;
}

/// <summary>A part that once matched is not tried in another way.</summary>
internal sealed record AtomicNode(PatternNode Part) : PatternNode
{
    public override bool IsExact => false;
}

/// <summary>The beginning of the searched text.</summary>
internal sealed record StartNode : PatternNode
{
    public override bool IsExact => false;
}

/// <summary>The end of the searched text; also before its last newline, if so said.</summary>
internal sealed record EndNode(bool AlsoBeforeNewline) : PatternNode
{
    public override bool IsExact => !AlsoBeforeNewline;
}

/// <summary>Something that must not follow.</summary>
internal sealed record NotFollowedByNode(PatternNode Part) : PatternNode
{
    public override bool IsExact => false;
}

/// <summary>A condition on the place that is not looked into, such as a word boundary.</summary>
internal sealed record SomeConditionNode : PatternNode
{
    public override bool IsExact => false;
}
