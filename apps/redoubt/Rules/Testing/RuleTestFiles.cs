using System.Text;
using Redoubt.Host;

namespace Redoubt.App.Rules.Testing;

/// <summary>Finds and reads files of rule tests.</summary>
internal static class RuleTestFiles
{
    private const long MaxBytes = 64L << 20;

    // A file that is no text must be told, not read as odd characters.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The tests of files, and of all <c>.ini</c> and <c>.jsonl</c> files of folders.</summary>
    /// <exception cref="StartException">Something is missing or unreadable (3), or is no file of tests (1).</exception>
    internal static List<RuleTest> Read(IEnumerable<string> paths, List<string> warnings)
    {
        var tests = new List<RuleTest>();
        foreach (var file in paths.SelectMany(Files))
            tests.AddRange(ReadFile(file, warnings));

        return tests;
    }

    /// <summary>The hostile messages of files, and of all <c>messages*.jsonl</c> of folders.</summary>
    /// <exception cref="StartException">Something is missing or unreadable (3), or is no file of messages (1).</exception>
    internal static List<HostileMessage> ReadHostile(IEnumerable<string> paths)
    {
        var messages = new List<HostileMessage>();
        foreach (
            var file in paths.SelectMany(p => Files(p)).Where(f => Path.GetFileName(f).StartsWith("messages", StringComparison.Ordinal))
        )
        {
            try
            {
                messages.AddRange(File.ReadLines(file).Where(l => l.Length > 0).Select(HostileMessage.Parse));
            }
            catch (Exception e)
                when (e is System.Text.Json.JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
            {
                throw new StartException($"{file} is no file of hostile messages: {e.Message}", StartException.Refused);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new StartException($"{file} cannot be read: {e.Message}", StartException.Unreachable);
            }
        }

        return messages;
    }

    private static IEnumerable<string> Files(string path)
    {
        if (!Directory.Exists(path))
            return File.Exists(path)
                ? [path]
                : throw new StartException($"There is no file or folder '{path}'.", StartException.Unreachable);

        var files = Directory.EnumerateFiles(path).Where(f => IsIni(f) || IsJson(f)).Order(StringComparer.Ordinal).ToList();
        return files.Count > 0
            ? files
            : throw new StartException($"The folder '{path}' holds no .ini and no .jsonl file.", StartException.Unreachable);
    }

    private static IReadOnlyList<RuleTest> ReadFile(string file, List<string> warnings)
    {
        try
        {
            if (new FileInfo(file).Length > MaxBytes)
                throw new InvalidDataException($"{file} is larger than 64 MiB.");

            var text = Strict.GetString(File.ReadAllBytes(file)).TrimStart('\uFEFF');
            return IsJson(file) ? JsonTests.Read(file, text) : IniTests.Read(file, text, warnings);
        }
        catch (DecoderFallbackException)
        {
            throw new StartException($"{file} is no text in UTF-8.", StartException.Refused);
        }
        catch (InvalidDataException e)
        {
            throw new StartException(e.Message, StartException.Refused);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"{file} cannot be read: {e.Message}", StartException.Unreachable);
        }
    }

    private static bool IsIni(string file) => file.EndsWith(".ini", StringComparison.OrdinalIgnoreCase);

    private static bool IsJson(string file) => file.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase);
}
