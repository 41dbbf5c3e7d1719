using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;

namespace Redoubt.Agent.Blocks;

/// <summary>This host's durable copy of its blocks: one JSON entry a line, appended before acting, compacted at start.</summary>
/// <remarks>An entry survives the death of the process. A last line cut by a power failure is left out with a warning:
/// the manager sends what is missing. Threads: not safe; the block keeper owns it.</remarks>
internal sealed class BlockJournal : IDisposable
{
    // Far above what a ledger counts to, and a positive number everywhere.
    private const ulong FirstFormerId = 1UL << 62;
    private static readonly TimeSpan FormerStay = TimeSpan.FromHours(24);

    private readonly string _path;
    private readonly Dictionary<string, List<ulong>> _ofTarget = new(StringComparer.Ordinal);
    private FileStream _file;
    private string? _ledger;

    private BlockJournal(string path, FileStream file)
    {
        _path = path;
        _file = file;
    }

    /// <summary>Blocks by ledger id.</summary>
    internal Dictionary<ulong, HeldBlock> Blocks { get; } = [];

    /// <summary>The blocks that name a target, whatever their program is.</summary>
    internal IEnumerable<HeldBlock> OfTarget(string target) =>
        _ofTarget.TryGetValue(target, out var ids) ? ids.Select(id => Blocks[id]) : [];

    /// <summary>How many blocks the enforcer has confirmed.</summary>
    internal int Enforced { get; private set; }

    /// <summary>Stored offender steps.</summary>
    internal Dictionary<string, OffenderStep> Offenders { get; } = new(StringComparer.Ordinal);

    /// <summary>Version of the last order acted upon.</summary>
    internal ulong Version { get; private set; }

    /// <summary>Whether a block was ordered by a manager that this host has left: it stays until its time is over, and nobody is told of it.</summary>
    internal static bool IsOfFormerLedger(ulong id) => id >= FirstFormerId;

    /// <summary>Reads what is there and starts a compacted file.</summary>
    /// <param name="path">The journal.</param>
    /// <param name="ledger">Names the manager's ledger. Another one than before counts its orders and blocks anew.</param>
    /// <param name="log">Told what an operator must know.</param>
    /// <param name="now">Unix milliseconds: blocks of a former ledger that had no end get one, for nobody can remove them any more.</param>
    internal static BlockJournal Open(string path, string ledger, ILogger log, long now)
    {
        var journal = new BlockJournal(path, null!);
        if (File.Exists(path))
        {
            var number = 0;
            foreach (var line in File.ReadLines(path))
            {
                number++;
                try
                {
                    journal.Apply(JsonSerializer.Deserialize(line, BlockJournalJson.Default.JournalEntry));
                }
                catch (JsonException)
                {
                    log.JournalDamaged(number, path);
                }
            }
        }

        if (journal._ledger is { } former && !string.Equals(former, ledger, StringComparison.Ordinal))
        {
            log.ManagerChanged(journal.Blocks.Count, FormerStay.TotalHours);
            journal.LeaveLedger(now + (long)FormerStay.TotalMilliseconds);
        }

        journal._ledger = ledger;
        journal.Compact();
        return journal;
    }

    internal void Put(HeldBlock block) => Append(new JournalEntry { Block = block });

    internal void Drop(ulong id) => Append(new JournalEntry { Drop = id });

    internal void Put(OffenderStep step) => Append(new JournalEntry { Offender = step });

    internal void Forget(string offender) => Append(new JournalEntry { Forget = offender });

    internal void SetVersion(ulong version)
    {
        // A lower one comes from a ledger that was restored from a backup; its next orders are counted from there.
        if (version != Version)
            Append(new JournalEntry { Version = version });
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Append(JournalEntry entry)
    {
        Apply(entry);
        _file.Write([.. JsonSerializer.SerializeToUtf8Bytes(entry, BlockJournalJson.Default.JournalEntry), (byte)'\n']);
        if (_file.Position > CompactAboveBytes && _file.Position > 4 * _compactedBytes)
            Compact();
    }

    private const long CompactAboveBytes = 4 * 1024 * 1024;
    private long _compactedBytes;

    private void Apply(JournalEntry? entry)
    {
        if (entry is null)
            return;

        if (entry.Block is { } block)
            Hold(block);

        if (entry.Drop is { } drop)
            LetGo(drop);

        if (entry.Offender is { } offender)
            Offenders[offender.Key] = offender;

        if (entry.Forget is { } forget)
            Offenders.Remove(forget);

        if (entry.Version is { } version)
            Version = version;

        if (entry.Ledger is { } ledger)
            _ledger = ledger;
    }

    // Its numbers mean nothing in the new one, and would be taken for blocks of that.
    private void LeaveLedger(long lastEnd)
    {
        Version = 0;
        var next = Blocks.Keys.Where(IsOfFormerLedger).DefaultIfEmpty(FirstFormerId - 1).Max();
        foreach (var block in Blocks.Values.Where(b => !IsOfFormerLedger(b.Id)).ToList())
        {
            LetGo(block.Id);
            Hold(block with { Id = ++next, Ends = block.Ends ?? lastEnd });
        }
    }

    private void Hold(HeldBlock block)
    {
        LetGo(block.Id);
        Blocks[block.Id] = block;
        if (!_ofTarget.TryGetValue(block.Target, out var ids))
            _ofTarget[block.Target] = ids = new List<ulong>(1);
        ids.Add(block.Id);
        if (block.IsEnforced)
            Enforced++;
    }

    private void LetGo(ulong id)
    {
        if (!Blocks.Remove(id, out var block))
            return;

        var ids = _ofTarget[block.Target];
        ids.Remove(id);
        if (ids.Count == 0)
            _ofTarget.Remove(block.Target);
        if (block.IsEnforced)
            Enforced--;
    }

    private void Compact()
    {
        var temporary = _path + ".new";
        var next = new FileStream(
            temporary,
            new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                Share = FileShare.Read | FileShare.Delete,
                BufferSize = 0,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );
        var lines = new List<byte>();
        var entries = Blocks
            .Values.Select(b => new JournalEntry { Block = b })
            .Concat(Offenders.Values.Select(o => new JournalEntry { Offender = o }))
            .Append(new JournalEntry { Version = Version })
            .Append(new JournalEntry { Ledger = _ledger });
        foreach (var entry in entries)
        {
            lines.AddRange(JsonSerializer.SerializeToUtf8Bytes(entry, BlockJournalJson.Default.JournalEntry));
            lines.Add((byte)'\n');
        }

        next.Write([.. lines]);
        next.Flush(flushToDisk: true);
        File.Move(temporary, _path, overwrite: true);
        _file?.Dispose();
        _file = next;
        _compactedBytes = next.Position;
    }
}

/// <summary>One line of the journal: exactly one member is set.</summary>
internal sealed record JournalEntry
{
    public HeldBlock? Block { get; init; }

    public ulong? Drop { get; init; }

    public OffenderStep? Offender { get; init; }

    public string? Forget { get; init; }

    public ulong? Version { get; init; }

    public string? Ledger { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(JournalEntry))]
internal sealed partial class BlockJournalJson : JsonSerializerContext;
