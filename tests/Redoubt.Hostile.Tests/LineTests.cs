using Redoubt.Model;

namespace Redoubt.Tests.Hostile;

/// <summary>Predecoder, decoders (JSON, Windows events and the other plugins) and rules, on broken lines.</summary>
public class LineTests
{
    private const int Lines = 60_000;

    [Theory]
    [InlineData(LineKind.Log, 1)]
    [InlineData(LineKind.EventChannel, 2)]
    public void Broken_lines_are_answered_with_fields_that_lie_in_them(LineKind kind, int seed)
    {
        var engine = Samples.NewEngine();
        var mutator = new Mutator(seed);
        for (var i = 0; i < Lines; i++)
        {
            var line = mutator.Next(Samples.Lines);
            var alert = Samples.Send(engine, line, kind);
            Assert.Equal(line, alert.FullLog);
            Assert.DoesNotContain(alert.Fields, field => field.Value.Length == 0);
        }

        Assert.Equal(Lines, engine.Counters.Received);
        Assert.Equal(engine.Counters.Received, engine.Counters.Alerted + engine.Counters.Quiet + engine.Counters.Unmatched);
        Assert.InRange(engine.Counters.Undecoded, 1, Lines - 1);
    }

    [Fact]
    public void Every_prefix_and_every_suffix_of_a_good_line_is_answered()
    {
        var engine = Samples.NewEngine();
        foreach (var line in Samples.Lines)
        {
            for (var cut = 0; cut <= line.Length; cut++)
            {
                foreach (var part in new[] { line[..cut], line[cut..] })
                {
                    Assert.Equal(part, Samples.Send(engine, part).FullLog);
                    Samples.Send(engine, part, LineKind.EventChannel);
                }
            }
        }
    }

    [Fact]
    public void Nul_and_0xff_anywhere_in_a_good_line_are_ordinary_bytes()
    {
        var engine = Samples.NewEngine();
        foreach (var line in Samples.Lines)
        {
            for (var at = 0; at < line.Length; at++)
            {
                foreach (var value in new byte[] { 0, 0xFF })
                {
                    var broken = line.ToArray();
                    broken[at] = value;
                    Assert.Equal(broken, Samples.Send(engine, broken).FullLog);
                }
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0")]
    [InlineData("\u00ff")]
    [InlineData("{\"a\":{")]
    [InlineData("[")]
    [InlineData("\\")]
    [InlineData("user x from ")]
    public void A_good_line_with_a_megabyte_behind_it_is_answered(string piece)
    {
        var engine = Samples.NewEngine();
        var filling = System.Text.Encoding.Latin1.GetBytes(piece.Length == 0 ? " " : piece);
        foreach (var line in Samples.Lines)
        {
            var longLine = new byte[1 << 20];
            for (var i = 0; i < longLine.Length; i++)
                longLine[i] = i < line.Length ? line[i] : filling[i % filling.Length];

            Samples.Send(engine, longLine);
            Samples.Send(engine, longLine, LineKind.EventChannel);
        }

        Assert.Equal(2 * Samples.Lines.Length, engine.Counters.Received);
    }

    [Fact]
    public void Broken_states_are_refused_or_taken_and_never_thrown()
    {
        var engine = Samples.NewEngine();
        foreach (var line in Samples.Lines)
            Samples.Send(engine, line);

        var state = engine.ExportState();
        var mutator = new Mutator(3);
        var taken = 0;
        for (var i = 0; i < 3_000; i++)
        {
            var other = Samples.NewEngineSharing(engine);
            taken += other.RestoreState(mutator.Next([state])) ? 1 : 0;
            Samples.Send(other, Samples.Lines[i % Samples.Lines.Length]);
        }

        Assert.InRange(taken, 0, 2_999);
        Assert.True(Samples.NewEngineSharing(engine).RestoreState(state));
    }
}
