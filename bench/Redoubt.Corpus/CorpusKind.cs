namespace Redoubt.Corpus;

/// <summary>What the lines of a corpus are about.</summary>
public enum CorpusKind
{
    /// <summary>An <c>auth.log</c> under attack: guessing from many addresses between good logins. About 61 % of its lines alert.</summary>
    Ssh,

    /// <summary>A quiet server: sshd, sudo, cron, systemd, kernel, postfix and nginx, mostly harmless.</summary>
    Mixed,
}
