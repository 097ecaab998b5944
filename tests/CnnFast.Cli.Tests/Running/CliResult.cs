using System.Text.Json;

namespace CnnFast.Cli.Tests;

/// <summary>What a run of the command came to.</summary>
internal sealed record CliResult(int Code, string Output, string Error)
{
    /// <summary>The output as JSON; it must be one object and nothing else.</summary>
    public JsonElement Json(int code = 0)
    {
        Assert.True(Code == code, ToString());
        return JsonDocument.Parse(Output).RootElement;
    }

    /// <summary>
    /// Holds the result to what bad usage and bad input must look like: exit code 2, nothing on standard output, one
    /// sentence that contains every part.
    /// </summary>
    public void RequireBadInput(params string[] parts)
    {
        Assert.True(Code == 2, ToString());
        Assert.Equal("", Output);
        string sentence = Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.EndsWith(".", sentence, StringComparison.Ordinal);
        foreach (string part in (string[])[.. parts])
            Assert.Contains(part, sentence, StringComparison.Ordinal);
        foreach (string trace in (string[])["   at ", "Exception", "Parameter '"])
            Assert.DoesNotContain(trace, Error, StringComparison.Ordinal);
    }

    /// <summary>Holds the result to a job that was done.</summary>
    public void RequireDone() => Assert.True(Code == 0, ToString());

    public override string ToString() => $"exit code {Code}\noutput: {Output}\nerror: {Error}";
}
