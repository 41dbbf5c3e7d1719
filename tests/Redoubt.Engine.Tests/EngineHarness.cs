using System.Text;
using Redoubt.Engine;
using Redoubt.Model;

namespace Redoubt.Tests.Engine;

/// <summary>An engine made from a few lines of XML, fed with text at chosen times.</summary>
internal sealed class EngineHarness
{
    /// <summary>A root for syslog and one for the built-in category, as every ruleset has.</summary>
    public const string Root = """
        <group name="test,">
        <rule id="1" level="0" noalert="1"><category>syslog</category><description>root</description></rule>
        <rule id="7" level="0" noalert="1"><category>ossec</category><description>root</description></rule>
        """;

    public static readonly AgentIdentity Manager = new("000", "manager", null);

    public EngineHarness(string decoders, string rules, EngineOptions? options = null, Compatibility compatibility = Compatibility.Best)
    {
        Ruleset = LoadOrFail(decoders, rules, compatibility);
        Engine = new AnalysisEngine(Ruleset, options ?? new EngineOptions { HostName = "manager" });
    }

    public Ruleset Ruleset { get; }

    public AnalysisEngine Engine { get; set; }

    /// <summary>Arrival of the next line, Unix seconds.</summary>
    public long Now { get; set; } = 1_700_000_000;

    public AgentIdentity Agent { get; set; } = Manager;

    public static Ruleset LoadOrFail(string decoders, string rules, Compatibility compatibility = Compatibility.Best)
    {
        var diagnostics = new DiagnosticBag();
        return Load(decoders, rules, diagnostics, compatibility) ?? throw new InvalidOperationException(string.Join('\n', diagnostics.All));
    }

    public static Ruleset? Load(
        string decoders,
        string rules,
        DiagnosticBag diagnostics,
        Compatibility compatibility = Compatibility.Best
    ) =>
        Ruleset.Load(
            new RulesetSource
            {
                Decoders = [new RulesetFile("d.xml", Encoding.UTF8.GetBytes(decoders))],
                Rules = [new RulesetFile("r.xml", Encoding.UTF8.GetBytes(rules))],
                Lists = [new RulesetFile("etc/lists/bad", "192.0.2.:bad net\n198.51.100.7:bad host\n"u8.ToArray())],
                Compatibility = compatibility,
            },
            diagnostics
        );

    public AnalysisResult Send(string line) => Send(Encoding.UTF8.GetBytes(line));

    public AnalysisResult Send(byte[] line, LineKind kind = LineKind.Log) =>
        Engine.Analyse(
            new LogLine
            {
                Text = line,
                ArrivalUnixMilliseconds = Now * 1000,
                Agent = Agent,
                Location = "/var/log/test.log",
                Kind = kind,
            }
        );

    /// <summary>Sends the line and gives the id of its rule, 0 for none.</summary>
    public int RuleOf(string line) => Send(line).Rule?.Id ?? 0;
}
