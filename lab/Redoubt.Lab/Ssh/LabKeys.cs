namespace Redoubt.Lab;

/// <summary>Key pairs of the lab's accounts, made once per lab in its shared folder.</summary>
internal sealed class LabKeys
{
    /// <summary>An ordinary user and an administrator.</summary>
    internal static readonly string[] Accounts = ["alice", "carol"];

    private readonly string _folder;

    private LabKeys(string folder) => _folder = folder;

    /// <summary>Path of the private key, the same on every host.</summary>
    internal string PrivateKeyOf(string account) => Path.Combine(_folder, account);

    /// <summary>Text of the public key.</summary>
    internal string PublicKeyOf(string account) => File.ReadAllText(PrivateKeyOf(account) + ".pub");

    /// <summary>The keys; made when they are missing.</summary>
    internal static async Task<LabKeys> EnsureAsync(LabNetwork lab)
    {
        var keys = new LabKeys(Path.Combine(lab.Folder, "keys"));
        Directory.CreateDirectory(keys._folder);
        foreach (var account in Accounts)
        {
            if (!File.Exists(keys.PrivateKeyOf(account)))
                await lab.Manager.MustRunAsync(
                    "ssh-keygen",
                    "-q",
                    "-t",
                    "ed25519",
                    "-N",
                    "",
                    "-C",
                    account,
                    "-f",
                    keys.PrivateKeyOf(account)
                );
        }

        return keys;
    }
}
