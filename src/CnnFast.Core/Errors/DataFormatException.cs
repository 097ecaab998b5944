namespace CnnFast;

/// <summary>
/// A file or stream whose content is not what its format demands (IDX, safetensors, NumPy, image, model).
/// The message is one sentence that names the source, what was found and what was expected.
/// </summary>
public sealed class DataFormatException : IOException
{
    /// <summary>Creates the exception without a message of its own.</summary>
    public DataFormatException()
    {
    }

    /// <summary>Creates the exception with the sentence that the user reads.</summary>
    /// <param name="message">Which source, what was found, what was expected.</param>
    public DataFormatException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with the sentence that the user reads and the failure behind it.</summary>
    /// <param name="message">Which source, what was found, what was expected.</param>
    /// <param name="innerException">The failure behind it.</param>
    public DataFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
