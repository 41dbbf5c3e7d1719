using BenchmarkDotNet.Attributes;
using Redoubt.Patterns;

namespace Redoubt.Bench.Parts;

/// <summary>One pattern of each dialect on a line that it matches: a failed login.</summary>
[MemoryDiagnoser]
public class PatternParts
{
    private static readonly byte[] Text = "failed password for invalid user admin from 192.0.2.7 port 50022 ssh2"u8.ToArray();

    private readonly Capture[] _captures = new Capture[8];
    private readonly OsRegex _osRegex = OsRegex.Parse("^failed \\S+ for invalid user (\\S+) from (\\S+) port (\\d+)"u8, out _)!;
    private readonly OsMatch _osMatch = OsMatch.Parse("accepted|illegal user|invalid user"u8, out _)!;
    private readonly Pcre2Pattern _pcre2 = Pcre2Pattern.Parse("^failed \\S+ for invalid user (\\S+) from (\\S+) port (\\d+)"u8, out _)!;

    [Benchmark]
    public bool OsRegexWithGroups() => _osRegex.TryMatch(Text, _captures, out _, out _);

    [Benchmark]
    public bool OsMatchSearch() => _osMatch.IsMatchLowered(Text);

    [Benchmark]
    public bool Pcre2WithGroups() => _pcre2.TryMatch(Text, _captures, out _, out _);
}
