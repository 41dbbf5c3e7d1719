using Redoubt.Engine.Match;

namespace Redoubt.Engine.Decode;

/// <summary>Where in the log a pattern of a decoder begins.</summary>
internal enum DecoderOffset
{
    /// <summary>At the start of the log.</summary>
    None,
    AfterParent,
    AfterPrematch,
    AfterRegex,
}

/// <summary>Built-in ways to take fields out of a log.</summary>
internal enum DecoderPlugin
{
    None,
    Pf,
    SymantecWs,
    SonicWall,
    OssecAlert,
    Json,
}

/// <summary>What one group of a decoder's pattern is called.</summary>
/// <param name="Static">The static field, or null.</param>
/// <param name="DynamicNumber">Number of the dynamic name.</param>
/// <param name="DynamicName">The dynamic name.</param>
internal sealed record FieldTarget(StaticField? Static, int DynamicNumber, byte[] DynamicName);

/// <summary>One <c>&lt;decoder&gt;</c>, compiled. Immutable once its ruleset is loaded.</summary>
/// <remarks>Options: rule-engine.md 2.3. The tree is two levels deep: top-level decoders and their children.</remarks>
internal sealed class Decoder
{
    /// <summary>Name as written.</summary>
    public required string Name { get; init; }

    /// <summary>The name an event shows and <c>decoded_as</c> compares: the parent's, unless <c>use_own_name</c> is given.</summary>
    public string EffectiveName { get; set; } = string.Empty;

    /// <summary>Number of <see cref="EffectiveName"/>; decoders of one name share it.</summary>
    public int NameNumber { get; set; }

    public string? ParentName { get; init; }

    public TextPattern? ProgramName { get; init; }

    public TextPattern? Prematch { get; init; }

    public DecoderOffset PrematchOffset { get; init; }

    public TextPattern? Regex { get; init; }

    public DecoderOffset RegexOffset { get; init; }

    /// <summary>Names for the groups of <see cref="Regex"/>.</summary>
    public FieldTarget[] Order { get; init; } = [];

    /// <summary>Whether the first group is the source address and no client text can stand before it.</summary>
    public bool HasFixedSource { get; init; }

    public DecoderPlugin Plugin { get; init; }

    public DecoderOffset PluginOffset { get; init; }

    public Category Category { get; init; }

    /// <summary>What <c>fts</c> looks at, or null.</summary>
    public FirstTimeKey? FirstTime { get; init; }

    public string? FtsComment { get; init; }

    public bool UsesOwnName { get; init; }

    public bool Accumulates { get; init; }

    /// <summary><c>json_null_field</c>: leave null members out instead of giving the text <c>null</c>.</summary>
    public bool DiscardsJsonNull { get; init; }

    /// <summary><c>json_array_structure</c>: join scalars with commas instead of keeping JSON text.</summary>
    public bool JsonArraysAsCsv { get; init; }

    /// <summary>In reading order.</summary>
    public List<Decoder> Children { get; } = [];

    /// <summary><see cref="Children"/> as they are tried; made when loading is over.</summary>
    public DecoderChild[] ChildTable { get; set; } = [];

    /// <summary>The decoder as a chain of one.</summary>
    public Decoder[] Alone => field ??= [this];

    /// <summary>Whether the next child in the list belongs to the same chain (rule-engine.md 2.4).</summary>
    public bool HasNext { get; set; }

    public required string File { get; init; }

    public required int Line { get; init; }

    /// <summary>The same decoder to hang under another parent of the same name.</summary>
    public Decoder Copy() =>
        new()
        {
            Name = Name,
            ParentName = ParentName,
            ProgramName = ProgramName,
            Prematch = Prematch,
            PrematchOffset = PrematchOffset,
            Regex = Regex,
            RegexOffset = RegexOffset,
            Order = Order,
            HasFixedSource = HasFixedSource,
            Plugin = Plugin,
            PluginOffset = PluginOffset,
            Category = Category,
            FirstTime = FirstTime,
            FtsComment = FtsComment,
            UsesOwnName = UsesOwnName,
            Accumulates = Accumulates,
            DiscardsJsonNull = DiscardsJsonNull,
            JsonArraysAsCsv = JsonArraysAsCsv,
            File = File,
            Line = Line,
        };
}
