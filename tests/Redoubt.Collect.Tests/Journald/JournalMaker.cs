using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Redoubt.Tests.Collect.Journald;

/// <summary>Makes journal files by <c>systemd-journal-remote</c>, of this host or unpacked from its Debian package into a cache.</summary>
internal static class JournalMaker
{
    private static readonly Lazy<(string Program, string Libraries)?> Found = new(Find);

    /// <summary>One entry in the export form; a value with a newline in the form with a length.</summary>
    internal static byte[] Entry(int second, params (string Field, string Value)[] fields)
    {
        using var bytes = new MemoryStream();
        var realtime = DateTimeOffset.Parse("2026-01-05T09:30:00Z", CultureInfo.InvariantCulture).AddSeconds(second);
        bytes.Write(
            Encoding.ASCII.GetBytes(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"__REALTIME_TIMESTAMP={realtime.ToUnixTimeMilliseconds()}000\n__MONOTONIC_TIMESTAMP={second}000000\n_BOOT_ID=0123456789abcdef0123456789abcdef\n"
                )
            )
        );
        foreach (var (field, value) in fields)
        {
            var data = Encoding.Latin1.GetBytes(value);
            bytes.Write(Encoding.ASCII.GetBytes(field + "\n"));
            bytes.Write(BitConverter.GetBytes((long)data.Length));
            bytes.Write(data);
            bytes.WriteByte((byte)'\n');
        }

        bytes.WriteByte((byte)'\n');
        return bytes.ToArray();
    }

    /// <summary>Appends entries to a journal file, or skips the test where the program cannot be had.</summary>
    internal static void Append(string path, params byte[][] entries)
    {
        if (Found.Value is not { } found)
        {
            Assert.Skip("systemd-journal-remote is neither installed nor to be had by apt-get download");
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var start = new ProcessStartInfo(found.Program, ["-o", path, "-"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardError = true,
        };
        start.Environment["LD_LIBRARY_PATH"] = found.Libraries;
        using var process = Process.Start(start)!;
        foreach (var entry in entries)
            process.StandardInput.BaseStream.Write(entry);
        process.StandardInput.Close();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors);
    }

    private static (string Program, string Libraries)? Find()
    {
        foreach (var folder in new[] { "/lib/systemd", "/usr/lib/systemd" })
        {
            if (File.Exists($"{folder}/systemd-journal-remote"))
                return ($"{folder}/systemd-journal-remote", "");
        }

        var cache = Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create),
            "redoubt-tests",
            "journal-remote"
        );
        var program = Path.Combine(cache, "lib", "systemd", "systemd-journal-remote");
        if (!File.Exists(program))
        {
            Directory.CreateDirectory(cache);
            using var process = Process.Start(
                new ProcessStartInfo(
                    "/bin/sh",
                    [
                        "-c",
                        "apt-get download systemd-journal-remote libmicrohttpd12 && for package in *.deb; do dpkg-deb -x \"$package\" .; done",
                    ]
                )
                {
                    UseShellExecute = false,
                    WorkingDirectory = cache,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            );
            process?.WaitForExit(TimeSpan.FromMinutes(1));
        }

        return File.Exists(program) ? (program, Path.Combine(cache, "usr", "lib", "x86_64-linux-gnu")) : null;
    }
}
