using Redoubt.Corpus;

namespace Redoubt.Bench.Measure;

/// <summary>A corpus in a file that is deleted afterwards: what is read in pieces does not count as the engine's memory.</summary>
internal sealed class CorpusFile : IDisposable
{
    public CorpusFile(CorpusOptions options)
    {
        Options = options;
        Path = System.IO.Path.GetTempFileName();
        using var target = File.Create(Path);
        LineCorpus.Write(options, target);
    }

    public CorpusOptions Options { get; }

    public string Path { get; }

    public void Dispose() => File.Delete(Path);
}
