using System.Globalization;
using System.Runtime.InteropServices;
using Redoubt.Model;
using Redoubt.Respond.Firewall;
using Redoubt.Respond.Firewall.Nftables;

namespace Redoubt.Bench.Measure;

/// <summary>The least that can block an attacker: wait for the log to grow, count its lines by address, block the eighth. No rules, no proof, no memory.</summary>
/// <remarks>The yardstick of <c>latency</c>; a process of its own inside the host under attack. Linux, root.</remarks>
internal static partial class BareBlocker
{
    /// <summary>The line that it prints once it watches.</summary>
    public const string Ready = "ready";

    private const int Threshold = 8;
    private const uint Modified = 0x2;

    /// <summary>Blocks until the process is ended.</summary>
    public static void Run(string path)
    {
        using var firewall = NftablesFirewall.Open();
        using var log = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        log.Seek(0, SeekOrigin.End);
        var watch = inotify_init1(0);
        if (watch < 0 || inotify_add_watch(watch, path, Modified) < 0)
            throw new IOException($"inotify: {Marshal.GetLastPInvokeErrorMessage()}");

        // Code that runs first is compiled first; that is not what is measured.
        Block(firewall, "192.0.2.1");
        Console.Out.WriteLine(Ready);
        var (notice, text, counts) = (new byte[4096], new byte[64 * 1024], new Dictionary<string, int>(StringComparer.Ordinal));
        while (read(watch, notice, notice.Length) > 0)
        {
            while (log.Read(text) is var length and > 0)
                Count(text.AsSpan(0, length), counts, firewall);
        }
    }

    private static void Count(ReadOnlySpan<byte> lines, Dictionary<string, int> counts, NftablesFirewall firewall)
    {
        var from = " from "u8;
        for (var at = lines.IndexOf(from); at >= 0; at = lines.IndexOf(from))
        {
            lines = lines[(at + from.Length)..];
            var source = System.Text.Encoding.ASCII.GetString(lines[..lines.IndexOf((byte)' ')]);
            ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, source, out _);
            if (++count == Threshold)
                Block(firewall, source);

            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} from {source} "));
        }
    }

    private static void Block(NftablesFirewall firewall, string source)
    {
        if (!BlockTarget.TryParse(source, out var target) || firewall.Put(target, 600_000).State != FirewallState.Present)
            throw new InvalidOperationException($"{source} could not be blocked.");
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int inotify_init1(int flags);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int inotify_add_watch(int descriptor, string path, uint mask);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int descriptor, [Out] byte[] buffer, nint length);
}
