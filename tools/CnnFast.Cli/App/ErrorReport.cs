namespace CnnFast.Cli;

/// <summary>Turns what went wrong into an exit code and one sentence.</summary>
internal static class ErrorReport
{
    /// <summary>The environment variable that adds the stack trace to an error.</summary>
    public const string DebugVariable = "CNNFAST_DEBUG";

    /// <summary>Writes the sentence and returns the exit code.</summary>
    public static int Write(Exception exception, TextWriter error)
    {
        error.WriteLine(Sentence(exception));
        if (Environment.GetEnvironmentVariable(DebugVariable) == "1")
            error.WriteLine(exception);
        return ExitCode(exception);
    }

    private static int ExitCode(Exception exception) => exception switch
    {
        InputException or DataFormatException or ShapeException => ExitCodes.BadInput,
        FileNotFoundException or DirectoryNotFoundException or PathTooLongException or UnauthorizedAccessException => ExitCodes.BadInput,
        ArgumentNullException => ExitCodes.Failed,
        ArgumentException or NotSupportedException => ExitCodes.BadInput,
        _ => ExitCodes.Failed,
    };

    private static string Sentence(Exception exception) => exception switch
    {
        OperationCanceledException => "Stopped before the end; nothing was written.",
        OutOfMemoryException => "There is not enough memory for this job.",
        ArgumentException argument => WithoutParameter(argument),
        InputException or NotSupportedException or IOException or UnauthorizedAccessException or NotFiniteNumberException =>
            OneLine(exception.Message),
        _ => $"Unexpected {exception.GetType().Name}: {OneLine(exception.Message).TrimEnd('.')} (set {DebugVariable}=1 for the stack " +
            "trace).",
    };

    // The framework appends "(Parameter 'name')", which means nothing on a command line, and the actual value,
    // which the sentence already gives.
    private static string WithoutParameter(ArgumentException exception)
    {
        string message = exception.Message;
        if (exception is ArgumentOutOfRangeException { ActualValue: not null }
            && message.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var line)
            message = message[..line].TrimEnd();
        int suffix = exception.ParamName is null
            ? -1
            : message.LastIndexOf($" (Parameter '{exception.ParamName}')", StringComparison.Ordinal);
        return OneLine(suffix < 0 ? message : message[..suffix]);
    }

    // Names in files may hold the control sequences of a terminal.
    private static string OneLine(string message) => InspectCommand.Printable(
        string.Join(' ', message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));
}
