using System.Diagnostics;

namespace Redoubt.Lab;

/// <summary>Debian packages with the libraries they need, unpacked beside the machine, never installed.</summary>
/// <remarks>
/// Folder: <c>${XDG_CACHE_HOME:-~/.cache}/redoubt-lab/CODENAME/</c>, and below it <see cref="FolderName"/>. Filled on first use through
/// apt from the machine's own sources; a lock file keeps two labs from filling it at once, and a half-filled folder is never used.
/// </remarks>
public sealed record UnpackedPackages
{
    // Manuals and the like: each host holds a copy of what is unpacked in memory.
    private static readonly string[] Needless = ["doc", "man", "lintian", "locale", "bug", "info"];

    /// <summary>Folder of its own below the cache; empty: the cache itself.</summary>
    public required string FolderName { get; init; }

    /// <summary>Name of the file that tells the folder is complete. Another one when <see cref="Wanted"/> changes, so that an older cache
    /// is not taken for complete.</summary>
    public required string Complete { get; init; }

    /// <summary>Names of packages, without the libraries they need.</summary>
    public required IReadOnlyList<string> Wanted { get; init; }

    /// <summary>Programs that must be able to run afterwards, relative to the root folder; <c>*</c> stands for one folder.</summary>
    public required IReadOnlyList<string> Programs { get; init; }

    /// <summary>Beginning of the names of libraries that are left out though a package asks for them; empty: none.</summary>
    public string Unwanted { get; init; } = string.Empty;

    /// <summary>Beginning of the names of packages that are followed as libraries are; empty: none.</summary>
    public string Followed { get; init; } = string.Empty;

    private string Folder => Path.Combine(Cache, FolderName);

    private static string Cache
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
    public string? WhyImpossible()
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
    public async Task<string> GetAsync()
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
        foreach (var needless in Needless.Select(n => Path.Combine(root, "usr/share", n)).Where(Directory.Exists))
            Directory.Delete(needless, recursive: true);

        await CheckLibrariesAsync(root);
        Directory.Delete(archives, recursive: true);
        await File.WriteAllTextAsync(mark, string.Empty);
        return root;
    }

    /// <summary>Lays the packages over the files of one host, which keeps them in memory as long as it lives.</summary>
    /// <exception cref="InvalidOperationException">The packages cannot be had, or not be copied.</exception>
    public async Task PutOnAsync(LabHost host) => await MustRunAsync("cp", ["-a", $"{await GetAsync()}/.", host.PathOf("/")]);

    /// <summary>The wanted packages, those followed, and every library package below them that the machine has not installed.</summary>
    private async Task<IReadOnlyList<string>> WithLibrariesAsync()
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

            var followed = shown
                .Output.Split('\n')
                .Where(l => l.Contains("Depends: ", StringComparison.Ordinal))
                .Select(l => l[(l.IndexOf(": ", StringComparison.Ordinal) + 2)..].Trim())
                .Where(l => StartsWith(l, "lib") || StartsWith(l, Followed))
                .Where(l => !StartsWith(l, Unwanted));
            foreach (var package in followed.Where(p => !found.Contains(p)))
            {
                // What is not a library is laid over the machine's in any case, so that it is complete and of one version.
                var installed = await RunAsync("dpkg-query", ["-W", "-f", "${db:Status-Status}", package]);
                if (!StartsWith(package, "lib") || installed.Output != "installed")
                    found.Add(package);
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

    private static bool StartsWith(string name, string beginning) =>
        beginning.Length > 0 && name.StartsWith(beginning, StringComparison.Ordinal);

    private async Task CheckLibrariesAsync(string root)
    {
        var libraries = string.Join(
            ':',
            Directory.GetFiles(root, "*.so*", SearchOption.AllDirectories).Select(Path.GetDirectoryName).Distinct()
        );
        foreach (var program in Programs)
        {
            var linked = await RunAsync("env", [$"LD_LIBRARY_PATH={libraries}", "ldd", Find(root, program)]);
            var missing = linked.Output.Split('\n').Where(l => l.Contains("not found", StringComparison.Ordinal)).ToArray();
            if (linked.ExitCode != 0 || missing.Length > 0)
                throw new InvalidOperationException($"{program} lacks libraries: {string.Join(' ', missing)}{linked.Error}".Trim());
        }
    }

    private static string Find(string root, string program)
    {
        var star = program.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
            return Path.Combine(root, program);

        var above = Path.Combine(root, program[..star].TrimEnd('/'));
        var folders = Directory.Exists(above) ? Directory.GetDirectories(above) : [];
        return folders.Length == 1
            ? folders[0] + program[(star + 1)..]
            : throw new InvalidOperationException($"{program} was not among what the packages hold.");
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
