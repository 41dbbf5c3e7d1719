using System.Text;
using Redoubt.Model;
using Redoubt.Model.Markup;

namespace Redoubt.Tests.Model.Markup;

public class MarkupReaderTests
{
    private readonly DiagnosticBag _diagnostics = new();

    private IReadOnlyList<MarkupElement> Read(string text) => MarkupReader.Read(Encoding.UTF8.GetBytes(text), "test.xml", _diagnostics);

    [Fact]
    public void Reads_several_roots_with_attributes_and_places()
    {
        var roots = Read("text <a x=\"1\" y='2'>\n <b>c</b>\n</a>\n<d/>");

        Assert.Empty(_diagnostics.All);
        Assert.Equal(["a", "d"], roots.Select(r => r.Name));
        Assert.Equal("2", roots[0].Attribute("y"));
        Assert.Equal((2, 2), (roots[0].Children[0].Line, roots[0].Children[0].Column));
        Assert.Equal("c", roots[0].Children[0].Text);
        Assert.Empty(roots[1].Content);
    }

    [Theory]
    [InlineData("<m>a &lt; b & c</m>", "a &lt; b & c")]
    [InlineData("<m>a \\<b\\> c</m>", "a \\<b\\> c")]
    [InlineData("<m>end\\\\</m>", "end\\\\")]
    [InlineData("<m>a<!-- <b> -->c<! d !>e</m>", "ace")]
    [InlineData("<m>\n two \n</m>", "\n two \n")]
    public void Content_stands_as_it_is_in_the_file(string text, string content)
    {
        Assert.Equal(content, Assert.Single(Read(text)).Text);
        Assert.Empty(_diagnostics.All);
    }

    [Theory]
    [InlineData("<a>", 1, "never closed")]
    [InlineData("<a>\n</b>", 2, "closes <a>")]
    [InlineData("<a b>", 1, "without a value")]
    [InlineData("<a b=1>", 1, "not quoted")]
    [InlineData("<a b=\"1\" b=\"2\"></a>", 1, "twice")]
    [InlineData("<a b=\"1>", 1, "does not end")]
    [InlineData("<!-- x", 1, "comment")]
    [InlineData("<>", 1, "name")]
    public void A_broken_file_gives_one_error_with_its_place(string text, int line, string words)
    {
        Read(text);

        var error = Assert.Single(_diagnostics.All);
        Assert.Equal(Severity.Error, error.Severity);
        Assert.Equal(line, error.Line);
        Assert.Contains(words, error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_prefix_of_a_file_is_read_without_an_exception()
    {
        var whole = Encoding.UTF8.GetBytes("<!-- c --><a x=\"1\"> t \\< <b/> <c y='\n'>d</c> </a><e>f</e>");
        for (var length = 0; length <= whole.Length; length++)
            MarkupReader.Read(whole[..length], "prefix.xml", new DiagnosticBag());
    }

    [Fact]
    public void Nesting_without_end_is_refused()
    {
        Read(string.Concat(Enumerable.Repeat("<a>", 5000)));
        Assert.True(_diagnostics.HasErrors);
    }
}
