using System.Globalization;

namespace CnnFast.Cli.Tests;

public sealed class ErrorReportTests
{
    [Fact]
    public void What_nobody_expected_ends_with_1_and_says_how_to_see_more()
    {
        (int code, string text) = Report(new InvalidOperationException("The drawer is\nempty."));
        Assert.Equal(1, code);
        Assert.Equal("Unexpected InvalidOperationException: The drawer is empty (set CNNFAST_DEBUG=1 for the stack trace).", text);
    }

    [Fact]
    public void Bad_input_ends_with_2_and_its_own_sentence()
    {
        Assert.Equal((2, "The file is cut."), Report(new DataFormatException("The file is cut.")));
        Assert.Equal((2, "The shape is wrong."), Report(new ShapeException("The shape is wrong.")));
        Assert.Equal((2, "The rate is -1."), Report(new ArgumentOutOfRangeException("rate", "The rate is -1.")));
        Assert.Equal((2, "The rate is -1."), Report(new ArgumentOutOfRangeException("rate", -1, "The rate is -1.")));
        Assert.Equal((2, "There is none."), Report(new FileNotFoundException("There is none.")));
    }

    [Fact]
    public void A_failed_job_ends_with_1()
    {
        Assert.Equal(1, Report(new IOException("The disk is full.")).Code);
        Assert.Equal((1, "The loss is NaN."), Report(new NotFiniteNumberException("The loss is NaN.")));
        Assert.Equal(1, Report(new OperationCanceledException()).Code);
        Assert.Equal(1, Report(new ArgumentNullException("x")).Code);
    }

    [Fact]
    public void Names_in_files_cannot_command_the_terminal()
    {
        Assert.Equal((2, "There is no '?[2J'."), Report(new DataFormatException("There is no '\u001b[2J'.")));
        Assert.Equal((2, "There is no '?x'."), Report(new ArgumentException("There is no '\u009bx'.")));
    }

    private static (int Code, string Text) Report(Exception exception)
    {
        using var error = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        int code = ErrorReport.Write(exception, error);
        return (code, Assert.Single(error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }
}
