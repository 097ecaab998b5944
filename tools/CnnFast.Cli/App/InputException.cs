namespace CnnFast.Cli;

/// <summary>Bad usage or bad input; the message is the one sentence that the user reads.</summary>
internal sealed class InputException : Exception
{
    public InputException(string message)
        : base(message)
    {
    }

    public InputException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
