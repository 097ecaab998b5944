namespace CnnFast;

/// <summary>
/// Shapes, sizes or lengths that do not fit together. The message is one sentence that names the layer or operator,
/// what was given and what was expected; it is raised while building, loading or calling, never inside a kernel.
/// </summary>
public sealed class ShapeException : ArgumentException
{
    /// <summary>Creates the exception without a message of its own.</summary>
    public ShapeException()
    {
    }

    /// <summary>Creates the exception with the sentence that the user reads.</summary>
    /// <param name="message">Who, what was given, what was expected.</param>
    public ShapeException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with the sentence that the user reads and the failure behind it.</summary>
    /// <param name="message">Who, what was given, what was expected.</param>
    /// <param name="innerException">The failure behind it.</param>
    public ShapeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
