using Redoubt.Model;
using Redoubt.Model.Markup;

namespace Redoubt.Engine.Loading;

/// <summary>Puts diagnostics of one file into the bag, at the place of an element.</summary>
internal sealed class Report
{
    private readonly DiagnosticBag _bag;
    private readonly string _file;

    public Report(DiagnosticBag bag, string file)
    {
        _bag = bag;
        _file = file;
    }

    /// <summary>Errors so far in this file.</summary>
    public int Errors { get; private set; }

    public void Error(MarkupElement at, string code, string? wazuhCode, string problem, string fix)
    {
        Errors++;
        _bag.Error(_file, at.Line, at.Column, code, wazuhCode, problem, fix);
    }

    public void Error(MarkupAttribute at, string code, string? wazuhCode, string problem, string fix)
    {
        Errors++;
        _bag.Error(_file, at.Line, at.Column, code, wazuhCode, problem, fix);
    }

    public void Warning(MarkupElement at, string code, string? wazuhCode, string problem, string fix) =>
        _bag.Warning(_file, at.Line, at.Column, code, wazuhCode, problem, fix);

    public void Note(MarkupElement at, string code, string problem, string fix) =>
        _bag.Note(_file, at.Line, at.Column, code, null, problem, fix);
}
