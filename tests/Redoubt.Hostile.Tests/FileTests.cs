using System.Buffers.Binary;
using System.Text;
using Redoubt.Engine;
using Redoubt.Model;
using Redoubt.Model.Markup;

namespace Redoubt.Tests.Hostile;

/// <summary>Readers of decoder, rule and list files, on broken files.</summary>
public class FileTests
{
    [Fact]
    public void Broken_files_load_or_are_refused_with_a_place()
    {
        const int files = 4_000;
        var mutator = new Mutator(11);
        var refused = 0;
        for (var i = 0; i < files; i++)
        {
            var breaksRules = i % 2 == 0;
            var diagnostics = new DiagnosticBag();
            var ruleset = Samples.Load(
                breaksRules ? Samples.DecoderFile : mutator.Next([Samples.DecoderFile]),
                breaksRules ? mutator.Next([Samples.RuleFile]) : Samples.RuleFile,
                "etc/lists/bad",
                Samples.ListText,
                diagnostics
            );
            Assert.Equal(ruleset is null, diagnostics.HasErrors);
            Assert.All(diagnostics.All, d => Assert.False(string.IsNullOrEmpty(d.File) || string.IsNullOrEmpty(d.Problem)));
            if (ruleset is null)
                refused++;
            else
                Samples.Send(new AnalysisEngine(ruleset, new EngineOptions()), Samples.Lines[i % Samples.Lines.Length]);
        }

        Assert.InRange(refused, 1, files - 1);
    }

    [Fact]
    public void Broken_markup_gives_elements_with_places_inside_the_file()
    {
        var mutator = new Mutator(12);
        for (var i = 0; i < 30_000; i++)
        {
            var bytes = mutator.Next([Samples.DecoderFile, Samples.RuleFile]);
            var lines = bytes.AsSpan().Count((byte)'\n') + 1;
            var diagnostics = new DiagnosticBag();
            foreach (var element in MarkupReader.Read(bytes, "x.xml", diagnostics))
                Assert.InRange(element.Line, 1, lines);

            Assert.All(diagnostics.All, d => Assert.InRange(d.Line, 0, lines));
        }
    }

    [Fact]
    public void Markup_nested_a_hundred_thousand_deep_is_refused()
    {
        var bytes = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("<a>", 100_000)));
        var diagnostics = new DiagnosticBag();
        MarkupReader.Read(bytes, "x.xml", diagnostics);
        Assert.True(diagnostics.HasErrors);
    }

    [Theory]
    [InlineData("etc/lists/bad", 13)]
    [InlineData("etc/lists/bad.cdb", 14)]
    public void Broken_lists_are_read_or_refused(string name, int seed)
    {
        var good = name.EndsWith(".cdb", StringComparison.Ordinal) ? Compile(Samples.ListText) : Samples.ListText;
        Assert.NotNull(Samples.Load(Samples.DecoderFile, Samples.RuleFile, name, good, new DiagnosticBag()));

        var mutator = new Mutator(seed);
        for (var i = 0; i < 4_000; i++)
        {
            var diagnostics = new DiagnosticBag();
            var list = mutator.Next([good]);
            var ruleset = Samples.Load([], [], name, list, diagnostics);
            Assert.Equal(ruleset is null, diagnostics.HasErrors);
        }
    }

    [Fact]
    public void A_compiled_list_answers_as_its_text_does()
    {
        foreach (var (name, list) in new[] { ("etc/lists/bad", Samples.ListText), ("etc/lists/bad.cdb", Compile(Samples.ListText)) })
        {
            var rules = Encoding.UTF8.GetBytes(
                """
                <group name="x,"><rule id="1" level="0" noalert="1"><category>syslog</category><description>r</description></rule>
                <rule id="2" level="3"><list field="srcip" lookup="address_match_key">etc/lists/bad</list><description>d</description></rule></group>
                """
            );
            var ruleset = Samples.Load(Samples.DecoderFile, rules, name, list, new DiagnosticBag());
            var engine = new AnalysisEngine(ruleset!, new EngineOptions());
            Assert.Equal(2, Samples.Send(engine, "Dec 29 10:00:01 host app[12]: user x from 10.0.3.4"u8.ToArray()).Rule?.Id);
            Assert.Null(Samples.Send(engine, "Dec 29 10:00:01 host app[12]: user x from 10.1.3.4"u8.ToArray()).Rule);
        }
    }

    // Bernstein's constant database: 256 pointers, the records, 256 hash tables.
    private static byte[] Compile(byte[] text)
    {
        var entries = Encoding
            .UTF8.GetString(text)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('"'))
            .Select(line => (Key: Encoding.UTF8.GetBytes(line[..line.IndexOf(':')]), Value: Encoding.UTF8.GetBytes(line[(line.IndexOf(':') + 1)..])))
            .ToList();
        var tables = new List<(uint Hash, uint Position)>[256];
        var file = new List<byte>(new byte[2_048]);
        foreach (var (key, value) in entries)
        {
            var hash = key.Aggregate(5_381U, (h, c) => ((h << 5) + h) ^ c);
            (tables[hash & 255] ??= []).Add((hash, (uint)file.Count));
            Add(file, (uint)key.Length);
            Add(file, (uint)value.Length);
            file.AddRange(key);
            file.AddRange(value);
        }

        var header = new byte[2_048];
        for (var i = 0; i < tables.Length; i++)
        {
            var slots = new (uint Hash, uint Position)[2 * (tables[i]?.Count ?? 0)];
            foreach (var slot in tables[i] ?? [])
            {
                var place = (int)((slot.Hash >> 8) % (uint)slots.Length);
                while (slots[place].Position != 0)
                    place = (place + 1) % slots.Length;

                slots[place] = slot;
            }

            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(i * 8), (uint)file.Count);
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan((i * 8) + 4), (uint)slots.Length);
            foreach (var (hash, position) in slots)
            {
                Add(file, hash);
                Add(file, position);
            }
        }

        return [.. header, .. file.Skip(header.Length)];
    }

    private static void Add(List<byte> file, uint number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
        file.AddRange(bytes);
    }
}
