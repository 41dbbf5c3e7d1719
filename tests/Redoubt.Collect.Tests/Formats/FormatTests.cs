using System.Text;
using Redoubt.Collect;
using Redoubt.Patterns;

namespace Redoubt.Tests.Collect.Formats;

public sealed class FormatTests : IAsyncDisposable
{
    private readonly LogBox _box = new();

    public ValueTask DisposeAsync() => _box.DisposeAsync();

    [Theory]
    [InlineData("multi-line: 2", "a\nb\nc\nd\ne\n", "a b|c d")]
    [InlineData(
        "snort-full",
        "noise\n[**] [1:2:3] ping [**]\n[Priority: 2]\n03/02-10:00:00 192.0.2.7 -> 192.0.2.1\nTTL:64\n\n[**] [1:9:1] x [**]\ny\nz\n",
        "[**] [1:2:3] ping [**] [Priority: 2] 03/02-10:00:00 192.0.2.7 -> 192.0.2.1|[**] [1:9:1] x [**] y z"
    )]
    [InlineData(
        "mysql_log",
        "070823 21:01:30 1 Connect root\n\t\t2 Query x\n2026-03-02T10:00:00.1Z 9 Note\n \n",
        "MySQL log: 070823 21:01:30 1 Connect root|MySQL log: 070823 21:01:30 2 Query x|MySQL log: 2026-03-02T10:00:00.1Z 9 Note"
    )]
    [InlineData(
        "nmapg",
        "# Nmap\nHost: 192.0.2.7 (a)\tPorts: 22/open/tcp//ssh///, 25/closed/tcp//smtp///, 53/open/udp//domain///\tIgnored: 9\nHost: 192.0.2.7 (a)\tStatus: Up\n",
        "Host: 192.0.2.7, open ports: 22(tcp) 53(udp)"
    )]
    public async Task Lines_become_records(string format, string written, string records)
    {
        await _box.StartAsync(_box.FromTheStart with { Format = format });
        _box.Write(written);

        var wanted = records.Split('|');
        _box.Sink.WaitFor(wanted.Length);
        Assert.Equal(wanted, _box.Sink.Texts);
    }

    [Theory]
    [InlineData("{\"a\": 1}", "{\"a\":1,\"env\":\"live\",\"host\":{\"room\":\"7\"}}")]
    [InlineData("{}", "{\"env\":\"live\",\"host\":{\"room\":\"7\"}}")]
    [InlineData("{\"env\":\"mine\",\"env\":{\"x\":1}}", "{\"env\":\"live\",\"host\":{\"room\":\"7\"}}")]
    [InlineData("{\"host\":{\"name\":\"h\",\"room\":\"9\"}}", "{\"host\":{\"name\":\"h\",\"room\":\"7\"},\"env\":\"live\"}")]
    [InlineData("{\"host\":\"h\"}", "{\"env\":\"live\",\"host\":{\"room\":\"7\"}}")]
    [InlineData("[1]", "[1]")]
    [InlineData("no json", "no json")]
    [InlineData("{\"a\":", "{\"a\":")]
    [InlineData("{} {}", "{} {}")]
    [InlineData("{\"\\ud800\":1}", "{\"\\ud800\":1}")]
    [InlineData("{\"a\":\"\xff\"}", "{\"a\":\"\xff\"}")]
    public async Task Labels_are_members_of_json_lines_and_the_line_cannot_claim_them(string written, string sent)
    {
        await _box.StartAsync(_box.FromTheStart with { Format = "json", Labels = [new("env", "live"), new("host.room", "7")] });
        _box.Write(written + "\n");

        Assert.Equal(sent, Assert.Single(_box.Sink.WaitFor(1)).Text.Replace("\"a\": 1", "\"a\":1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(
        "postgresql_log",
        "[2026-03-02 10:00:00] db LOG: a\n\tb\n\tc\n[2026-03-02 10:00:01] db LOG: d\n",
        "[2026-03-02 10:00:00] db LOG: a b c|[2026-03-02 10:00:01] db LOG: d"
    )]
    [InlineData(
        "mssql_log",
        "2026-03-02 10:00:00.1 Logon Error: 18456\nmore\n2026-03-02 10:00:01.1 x\n",
        "2026-03-02 10:00:00.1 Logon Error: 18456 more|2026-03-02 10:00:01.1 x"
    )]
    [InlineData(
        "audit",
        "type=A msg=audit(1.1:7): a\ntype=B msg=audit(1.1:7): b\nno id\ntype=A msg=audit(1.2:8): c\n",
        "type=A msg=audit(1.1:7): a type=B msg=audit(1.1:7): b|no id|type=A msg=audit(1.2:8): c"
    )]
    public async Task The_last_record_waits_for_more_and_not_for_ever(string format, string written, string records)
    {
        await _box.StartAsync(_box.FromTheStart with { Format = format });
        _box.Write(written);
        var wanted = records.Split('|');
        _box.Sink.WaitFor(wanted.Length - 1);
        Assert.Equal(wanted[..^1], _box.Sink.Texts);

        _box.Sink.WaitFor(wanted.Length, () => _box.Time.Advance(TimeSpan.FromSeconds(6)));
        Assert.Equal(wanted, _box.Sink.Texts);
        Assert.Equal(written.Length, _box.Sink.All[^1].End);
    }

    [Theory]
    [InlineData(MultilineMatch.Start, "^begin", "\n", "begin a\nb\nbegin c\n", "begin a\nb")]
    [InlineData(MultilineMatch.End, "end$", " ", "a\nb end\nc\nd end\n", "a b end|c d end")]
    [InlineData(MultilineMatch.All, "^a.*d$", "", "a\nb\nd\na\nd\n", "abd|ad")]
    public async Task A_pattern_tells_where_records_begin_or_end(
        MultilineMatch match,
        string pattern,
        string separator,
        string written,
        string records
    )
    {
        var multiline = new MultilineOptions(
            Pcre2Pattern.Parse(Encoding.UTF8.GetBytes(pattern), out _)!,
            match,
            Encoding.UTF8.GetBytes(separator),
            TimeSpan.FromSeconds(5)
        );
        await _box.StartAsync(_box.FromTheStart with { Format = "multi-line-regex", Multiline = multiline });
        _box.Write(written);

        var wanted = records.Split('|');
        _box.Sink.WaitFor(wanted.Length);
        Assert.Equal(wanted, _box.Sink.Texts);
    }

    [Fact]
    public async Task Multilog_gets_a_header_in_place_of_its_stamp()
    {
        await _box.StartAsync(_box.FromTheStart with { Format = "djb-multilog" });
        _box.Write("@400000005ea1d3c71234abcd tcpserver: deny 192.0.2.7\n");

        _box.Sink.WaitFor(1);
        var header = _box.Time.GetUtcNow().ToOffset(_box.Time.LocalTimeZone.GetUtcOffset(_box.Time.GetUtcNow()));
        Assert.Equal(
            $"{header:MMM} {header.Day, 2} {header:HH:mm:ss} {Environment.MachineName} logs: tcpserver: deny 192.0.2.7",
            _box.Sink.Texts[0]
        );
    }

    [Fact]
    public async Task A_record_whose_lines_were_read_and_not_sent_is_whole_after_a_restart()
    {
        await _box.StartAsync(_box.FromTheStart with { Format = "multi-line: 3" });
        _box.Write("a\nb\nc\nd\ne\n");
        _box.Acknowledge(_box.Sink.WaitFor(1)[0]);
        await _box.StopAsync();
        LogBox.Append(_box.Log, "f\n");

        await _box.StartAsync(_box.FromTheStart with { Format = "multi-line: 3" });
        _box.Sink.WaitFor(1);
        Assert.Equal(["d e f"], _box.Sink.Texts);
    }

    [Fact]
    public async Task A_record_that_was_refused_comes_again_whole()
    {
        await _box.StartAsync(_box.FromTheStart with { Format = "multi-line: 2" });
        _box.Sink.Takes = static _ => false;
        _box.Write("a\nb\nc\nd\n");
        _box.WaitForStatus(status => status.State == SourceState.Reading);
        _box.Sink.Takes = static _ => true;
        _box.Collector.Rewind();

        _box.Sink.WaitFor(2);
        Assert.Equal(["a b", "c d"], _box.Sink.Texts);
    }

    [Fact]
    public async Task What_a_rotated_file_ends_with_is_sent_before_the_next_file()
    {
        await _box.StartAsync(_box.FromTheStart with { Format = "postgresql_log" });
        _box.Write("[1] a\n\tb\n");
        _box.WaitForStatus(status => status.OpenFiles == 1);
        _box.Rename();
        _box.Write("[2] c\n[3] d\n");

        _box.Sink.WaitFor(2);
        Assert.Equal(["[1] a b", "[2] c"], _box.Sink.Texts);
    }

    [Fact]
    public async Task What_is_ignored_is_counted_and_not_sent()
    {
        await _box.StartAsync(
            _box.FromTheStart with
            {
                Filter = new LineFilter([Pattern("PCRE2", "debug$"), Pattern("osmatch", "^noise")], []),
            }
        );
        _box.Write("one\nsome debug\nnoise x\nxnoise\n");

        _box.Sink.WaitFor(2);
        Assert.Equal(["one", "xnoise"], _box.Sink.Texts);
        _box.WaitForStatus(status => status.FilteredLines == 2);
    }

    [Fact]
    public async Task Only_what_the_restriction_names_is_sent()
    {
        await _box.StartAsync(
            _box.FromTheStart with
            {
                Filter = new LineFilter([Pattern(null, "not")], [Pattern("osregex", "^\\d+ A"), Pattern("osmatch", "keep")]),
            }
        );
        _box.Write("1 a\nx\nKEEP this\nkeep not\n");

        _box.Sink.WaitFor(2);
        Assert.Equal(["1 a", "KEEP this"], _box.Sink.Texts);
    }

    [Fact]
    public async Task A_pattern_of_paths_leaves_out_what_is_excluded()
    {
        var folder = Path.GetDirectoryName(_box.Log)!;
        await _box.StartAsync(_box.FromTheStart with { Path = Path.Combine(folder, "*.log"), Exclude = Path.Combine(folder, "b*.log") });
        LogBox.Append(Path.Combine(folder, "b1.log"), "left out\n");
        LogBox.Append(Path.Combine(folder, "a.log"), "read\n");

        _box.Sink.WaitFor(1);
        Assert.Equal(["read"], _box.Sink.Texts);
        Assert.Single(_box.Collector.Status);
    }

    private static LinePattern Pattern(string? type, string text) =>
        LinePattern.Parse(type, Encoding.UTF8.GetBytes(text), out var problem) ?? throw new FormatException(problem);
}
