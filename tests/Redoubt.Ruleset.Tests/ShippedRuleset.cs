using System.Text;
using Redoubt.Engine;
using Redoubt.Model;

namespace Redoubt.Tests.Ruleset;

/// <summary>The shipped ruleset, loaded once, and engines that run lines through it.</summary>
public static class ShippedRuleset
{
    private static readonly AgentIdentity Agent = new("001", "web01", "192.0.2.5");
    private static readonly Lazy<Engine.Ruleset> Loaded = new(Load);

    public static Engine.Ruleset Instance => Loaded.Value;

    /// <summary>What loading said.</summary>
    public static DiagnosticBag Diagnostics { get; } = new();

    /// <summary>An engine that remembers no line.</summary>
    public static AnalysisEngine NewEngine() => new(Instance, new EngineOptions());

    /// <summary>Runs one line.</summary>
    /// <param name="engine">Where it arrives.</param>
    /// <param name="program">The program that a syslog header names, or null for a line without header.</param>
    /// <param name="text">What stands after the header.</param>
    /// <param name="second">Arrival.</param>
    public static Alert Run(AnalysisEngine engine, string? program, ReadOnlySpan<byte> text, int second = 0)
    {
        ReadOnlySpan<byte> header = program is null ? default : Encoding.UTF8.GetBytes($"Nov 24 10:15:29 web01 {program}[811]: ");
        return engine
            .Analyse(
                new LogLine
                {
                    Text = [.. header, .. text],
                    ArrivalUnixMilliseconds = (1_795_515_329L + second) * 1_000,
                    Agent = Agent,
                    Location = "/var/log/auth.log",
                    Kind = LineKind.Log,
                }
            )
            .ToAlert();
    }

    /// <summary>A field's text, or null where there is none or it is empty.</summary>
    public static string? TextOf(this Alert alert, string field) =>
        alert.Field(field) is { Value.Length: > 0 } found ? Encoding.UTF8.GetString(found.Value) : null;

    private static Engine.Ruleset Load()
    {
        var source = new RulesetSource
        {
            Decoders = Files("decoders"),
            Rules = Files("rules"),
            ProvesSources = true,
        };
        return Engine.Ruleset.Load(source, Diagnostics) ?? throw new InvalidOperationException(string.Join('\n', Diagnostics.All));
    }

    private static List<RulesetFile> Files(string folder) =>
        [.. ShippedFiles.Xml(folder).Select(file => new RulesetFile(file.Key, file.Value) { IsShipped = true })];
}
