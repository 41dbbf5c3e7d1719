using System.Text;
using Redoubt.Collect;
using Redoubt.Config;
using Redoubt.Patterns;

namespace Redoubt.Agent;

/// <summary>What the sections <c>localfile</c> of a configuration mean for the collector.</summary>
internal static class ConfiguredSources
{
    /// <summary>One source for each place, however many sections name it; the first counts.</summary>
    /// <param name="localFiles">All sections, the host's own first.</param>
    /// <param name="sockets">Sockets that the sections may name.</param>
    /// <param name="paths">The home, for relative paths and spools.</param>
    /// <param name="spoolBytes">Room for the output of each command.</param>
    internal static List<SourceOptions> Of(
        IEnumerable<LocalFileOptions> localFiles,
        IReadOnlyList<OutputSocketOptions> sockets,
        HomePaths paths,
        long spoolBytes
    )
    {
        sockets = [.. sockets.Select(s => s with { Path = paths.Resolve(s.Path) })];
        var all = localFiles.ToLookup(f => f.Format == "journald");
        var files = all[false]
            .DistinctBy(f => (f.Command, f.Location))
            .Select(f => WithTargets(SourceOf(f, paths, spoolBytes), f, sockets));
        var journal = all[true].ToList();
        return [.. files, .. journal.Count > 0 ? [WithTargets(JournalOf(journal), journal[0], sockets)] : Array.Empty<SourceOptions>()];
    }

    private static SourceOptions WithTargets(SourceOptions source, LocalFileOptions file, IReadOnlyList<OutputSocketOptions> sockets)
    {
        var outputs = sockets.Where(s => file.Targets.Contains(s.Name)).Select(s => new OutputTarget(s, file.FormatFor(s.Name))).ToList();
        return source with
        {
            Outputs = outputs,
            // A socket that a reload took away from the host must not hide lines from the manager.
            GoesToSink = outputs.Count == 0 || file.Targets.Contains(LocalFileOptions.Agent),
            Template = file.FormatFor(LocalFileOptions.Agent),
        };
    }

    private static SourceOptions SourceOf(LocalFileOptions file, HomePaths paths, long spoolBytes) =>
        LogFormats.IsCommand(file.Format)
            ? CommandOf(file, paths, spoolBytes)
            : new FileSourceOptions
            {
                Path = paths.Resolve(file.Location),
                Location = file.Location,
                Format = file.Format,
                OnlyFutureEvents = file.OnlyFutureEvents,
                Exclude = file.Exclude is { } exclude ? paths.Resolve(exclude) : null,
                Filter = FilterOf(file),
                Multiline = file.Multiline is { } multiline ? MultilineOf(multiline) : null,
                MaxAge = file.Age,
                IgnoresBinaries = file.IgnoresBinaries,
                Labels = [.. file.Labels.Select(l => new LineLabel(l.Key, l.Value))],
            };

    private static CommandSourceOptions CommandOf(LocalFileOptions file, HomePaths paths, long spoolBytes) =>
        new()
        {
            Location = file.Location,
            Format = file.Format,
            Command = file.Command!,
            SpoolFolder = paths.CommandSpool,
            SpoolBytes = spoolBytes,
            Alias = file.Alias,
            Frequency = file.Frequency,
            IsWhole = file.Format == "full_command",
            Filter = FilterOf(file),
        };

    private static LineFilter? FilterOf(LocalFileOptions file) =>
        file.Ignore.Count + file.Restrict.Count == 0
            ? null
            : new LineFilter([.. file.Ignore.Select(PatternOf)], [.. file.Restrict.Select(PatternOf)]);

    // The configuration was read without a problem, so the patterns have none either.
    private static LinePattern PatternOf(PatternText pattern) =>
        LinePattern.Parse(pattern.Type, Encoding.UTF8.GetBytes(pattern.Text), out var problem)
        ?? throw new InvalidOperationException(problem);

    private static MultilineOptions MultilineOf(MultilineRegexOptions options) =>
        new(
            Pcre2Pattern.Parse(Encoding.UTF8.GetBytes(options.Pattern), out var problem) ?? throw new InvalidOperationException(problem),
            options.Match switch
            {
                "all" => MultilineMatch.All,
                "end" => MultilineMatch.End,
                _ => MultilineMatch.Start,
            },
            Encoding.UTF8.GetBytes(options.Separator),
            TimeSpan.FromSeconds(options.TimeoutSeconds)
        );

    // One source, however many sections: what one of them wants is read.
    private static JournaldSourceOptions JournalOf(List<LocalFileOptions> sections) =>
        new()
        {
            Location = sections[0].Location,
            Format = "syslog",
            OnlyFutureEvents = sections[0].OnlyFutureEvents,
            Filter = FilterOf(sections[0]),
            Filters = sections.Any(s => s.JournalFilters.Count == 0) ? [] : [.. sections.Select(FiltersOf)],
        };

    private static JournalFilter[] FiltersOf(LocalFileOptions section) =>
        [.. section.JournalFilters.Select(f => new JournalFilter(f.Field, PatternOf(new PatternText(null, f.Pattern)), f.IgnoreIfMissing))];
}
