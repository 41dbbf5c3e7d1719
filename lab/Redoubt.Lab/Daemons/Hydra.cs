namespace Redoubt.Lab;

/// <summary>THC Hydra, the guesser of passwords that attackers really use, on a lab host.</summary>
public static class Hydra
{
    /// <summary>What it is made of; about 30 MB.</summary>
    public static UnpackedPackages Packages { get; } =
        new()
        {
            FolderName = "hydra",
            Complete = "complete-1",
            Wanted = ["hydra"],
            Programs = ["usr/bin/hydra"],
            Followed = "ocl-icd", // a library that is not named as one
        };

    /// <summary>Starts guessing forty passwords of four users.</summary>
    /// <param name="host">Where it runs.</param>
    /// <param name="target">Service and server, such as <c>ftp://10.0.0.5</c>.</param>
    public static async Task<LabProcess> StartAsync(LabHost host, string target)
    {
        await Packages.PutOnAsync(host);
        const string users = "/tmp/users";
        const string passwords = "/tmp/passwords";
        await File.WriteAllTextAsync(host.PathOf(users), "root\nadmin\nalice\noracle\n");
        await File.WriteAllLinesAsync(host.PathOf(passwords), Enumerable.Range(1, 10).Select(i => $"guess{i}"));

        // Its children outlive it when it is killed: they must not hold our pipes. They end with the host.
        return host.Start("/bin/sh", "-c", $"exec hydra -I -t 2 -L {users} -P {passwords} {target} >/tmp/hydra.log 2>&1");
    }
}
