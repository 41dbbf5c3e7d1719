using System.Diagnostics;

namespace Redoubt.Lab;

/// <summary>Debian packages the lab's hosts need (OpenSSH, rsyslog, ping, iptables, ipset), unpacked beside the machine, never installed.</summary>
/// <remarks>
/// Folder: <c>${XDG_CACHE_HOME:-~/.cache}/redoubt-lab/CODENAME/</c>. Filled on first use through apt from the machine's
/// own sources (about 4 MB); a lock file keeps two labs from filling it at once, and a half-filled folder is never used.
/// </remarks>
public static class PackageCache
{
    // Bump when Wanted changes, so that an older cache is not taken for complete.
    private const string Complete = "complete-3";

    private static readonly string[] Wanted =
    [
        "openssh-server",
        "openssh-client",
        "openssh-sftp-server",
        "iputils-ping",
        "sshpass",
        "rsyslog",
        "iptables",
        "ipset",
    ];

    private static readonly string[] Programs =
    [
        "usr/sbin/sshd",
        "usr/bin/ssh",
        "usr/bin/ssh-keygen",
        "usr/bin/ping",
        "usr/bin/sshpass",
        "usr/sbin/rsyslogd",
        "usr/sbin/xtables-nft-multi",
        "usr/sbin/xtables-legacy-multi",
        "usr/sbin/ipset",
    ];

    private static string Folder
    {
        get
        {
            var home = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache
                ? cache
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            return Path.Combine(home, "redoubt-lab", ReleaseName());
        }
    }

    /// <summary>Why the packages cannot be had, in one sentence; null when they are there. May download.</summary>
    public static string? WhyImpossible()
    {
        try
        {
            GetAsync().GetAwaiter().GetResult();
            return null;
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or System.ComponentModel.Win32Exception)
        {
            return $"The lab's packages cannot be had: {exception.Message}";
        }
    }

    /// <summary>The folder to be laid over the root folder; downloads on first use.</summary>
    /// <exception cref="InvalidOperationException">apt or dpkg-deb refused; the message holds what they said.</exception>
    public static async Task<string> GetAsync()
    {
        var root = Path.Combine(Folder, "root");
        var mark = Path.Combine(Folder, Complete);
        if (File.Exists(mark))
            return root;

        Directory.CreateDirectory(Folder);
        await using var filling = await LockAsync(Path.Combine(Folder, "lock"));
        if (File.Exists(mark))
            return root;

        if (Directory.Exists(root))
            Directory.Delete(root, recursive: true);

        var archives = Path.Combine(Folder, "archives");
        Directory.CreateDirectory(archives);
        await UnpackAsync(await WithLibrariesAsync(), archives, root);
        MergeUsr(root);
        Directory.Delete(Path.Combine(root, "usr/share"), recursive: true); // manuals: each host holds a copy in memory
        await CheckLibrariesAsync(root);
        Directory.Delete(archives, recursive: true);
        await File.WriteAllTextAsync(mark, string.Empty);
        return root;
    }

    /// <summary>The wanted packages and every library package below them that the machine has not installed.</summary>
    private static async Task<IReadOnlyList<string>> WithLibrariesAsync()
    {
        var found = new List<string>(Wanted);
        for (var i = 0; i < found.Count; i++)
        {
            var shown = await RunAsync(
                "apt-cache",
                ["depends", "--no-recommends", "--no-suggests", "--no-conflicts", "--no-breaks", "--no-replaces", "--no-enhances", found[i]]
            );
            if (shown.ExitCode != 0)
            {
                await MustRunAsync("apt-get", ["-qq", "update"]);
                shown = await RunAsync("apt-cache", ["depends", "--no-recommends", "--no-suggests", found[i]]);
            }

            var libraries = shown
                .Output.Split('\n')
                .Where(l => l.Contains("Depends: lib", StringComparison.Ordinal))
                .Select(l => l[(l.IndexOf(": ", StringComparison.Ordinal) + 2)..].Trim());
            foreach (var library in libraries.Where(l => !found.Contains(l)))
            {
                var installed = await RunAsync("dpkg-query", ["-W", "-f", "${db:Status-Status}", library]);
                if (installed.Output != "installed")
                    found.Add(library);
            }
        }

        return found;
    }

    private static async Task UnpackAsync(IReadOnlyList<string> packages, string archives, string root)
    {
        string[] download = ["-qq", "-o", "APT::Sandbox::User=root", "download", .. packages];
        if ((await RunAsync("apt-get", download, archives)).ExitCode != 0)
        {
            // Package lists too old, or none at all.
            await MustRunAsync("apt-get", ["-qq", "update"]);
            await MustRunAsync("apt-get", download, archives);
        }

        foreach (var archive in Directory.GetFiles(archives, "*.deb"))
            await MustRunAsync("dpkg-deb", ["-x", archive, root]);
    }

    /// <summary>Moves <c>bin</c>, <c>sbin</c> and <c>lib</c> below <c>usr</c>: laid over a machine where these are links they would hide them.</summary>
    private static void MergeUsr(string root)
    {
        foreach (var name in (string[])["bin", "sbin", "lib", "lib64"])
        {
            var folder = Path.Combine(root, name);
            if (!Directory.Exists(folder))
                continue;

            foreach (var file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
            {
                var place = Path.Combine(root, "usr", name, Path.GetRelativePath(folder, file));
                Directory.CreateDirectory(Path.GetDirectoryName(place)!);
                File.Move(file, place, overwrite: true);
            }

            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task CheckLibrariesAsync(string root)
    {
        var libraries = string.Join(
            ':',
            Directory.GetFiles(root, "*.so*", SearchOption.AllDirectories).Select(Path.GetDirectoryName).Distinct()
        );
        foreach (var program in Programs)
        {
            var linked = await RunAsync("env", [$"LD_LIBRARY_PATH={libraries}", "ldd", Path.Combine(root, program)]);
            var missing = linked.Output.Split('\n').Where(l => l.Contains("not found", StringComparison.Ordinal)).ToArray();
            if (linked.ExitCode != 0 || missing.Length > 0)
                throw new InvalidOperationException($"{program} lacks libraries: {string.Join(' ', missing)}{linked.Error}".Trim());
        }
    }

    private static string ReleaseName()
    {
        var line = File.ReadLines("/etc/os-release").FirstOrDefault(l => l.StartsWith("VERSION_CODENAME=", StringComparison.Ordinal));
        return line is null ? "unknown" : line.Split('=')[1].Trim('"');
    }

    private static async Task<FileStream> LockAsync(string file)
    {
        FileStream? held = null;
        await Wait.UntilAsync(
            () =>
            {
                try
                {
                    held = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                    return true;
                }
                catch (IOException)
                {
                    return false; // another lab is filling the cache
                }
            },
            "the package cache is free",
            TimeSpan.FromMinutes(5)
        );
        return held!;
    }

    private static async Task MustRunAsync(string program, string[] arguments, string? folder = null)
    {
        var result = await RunAsync(program, arguments, folder);
        if (result.ExitCode != 0)
            throw new InvalidOperationException($"{program} {arguments[^1]}: {result.Error.Trim()}");
    }

    private static async Task<CommandResult> RunAsync(string program, string[] arguments, string? folder = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "/",
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new CommandResult(process.ExitCode, output, await error);
    }
}
