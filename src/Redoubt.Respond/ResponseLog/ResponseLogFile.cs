namespace Redoubt.Respond;

/// <summary>The file <c>logs/active-responses.log</c> of a home.</summary>
/// <remarks>Opened for each response, so that a log that was rotated away is made anew. One response is one write: its lines stay together
/// when scripts append at the same time. Mode 0640, group of the home. Threads: safe.</remarks>
internal sealed class ResponseLogFile(string home, TimeProvider time)
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    private const string Name = "active-responses.log";

    private readonly string folder = Path.Join(home, "logs");
    private readonly string path = Path.Join(home, "logs", Name);

    /// <summary>Makes the file where it is missing.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    internal void Create() => Append([]);

    /// <summary>Appends the lines of a response.</summary>
    /// <exception cref="IOException">They could not be written.</exception>
    internal void Write(ResponseEntry entry)
    {
        if (entry.Form != ResponseLogForm.None)
            Append(ResponseLines.Write(entry, home, time.GetLocalNow()));
    }

    /// <summary>Appends a line about a repair, always in the JSON form: the legacy form has no words for it.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    internal void Write(Keeping.Incident incident) => Append(ResponseLines.Write(incident, time.GetLocalNow()));

    /// <summary>Appends one line in the form of the programs of 4.2: the time, the program's path, the text.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    internal void WriteLine(string program, ReadOnlySpan<byte> text) => Append(ResponseLines.OfProgram(program, text, time.GetLocalNow()));

    private void Append(ReadOnlySpan<byte> lines)
    {
        var made = HomeFolder.Make(home, "logs");
        using var file = PosixFile.OpenForAppend(folder, Name, Mode);
        var group = PosixFile.Look(home)?.Group ?? made.Group;
        var status = PosixFile.Look(file);
        if (status.Group != group)
            PosixFile.GiveToGroup(file, group, path);

        // The umask may have taken the group's right to read away.
        if ((status.Mode & 0xFFF) != (int)Mode)
            PosixFile.ChangeMode(file, Mode, path);
        PosixFile.Append(file, lines, path);
    }
}
