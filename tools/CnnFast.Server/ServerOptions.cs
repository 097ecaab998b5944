namespace CnnFast.Server;

/// <summary>How the server runs.</summary>
internal sealed record ServerOptions
{
    /// <summary>The environment variable that names the model where no option does.</summary>
    public const string ModelVariable = "CNNFAST_MODEL";

    public const string DefaultUrl = "http://127.0.0.1:5080";
    public const long DefaultMaxBytes = 4 << 20;

    /// <summary>The model file.</summary>
    public required string Model { get; init; }

    /// <summary>Where to listen.</summary>
    public string Url { get; init; } = DefaultUrl;

    /// <summary>Threads of one run; requests run beside each other anyway.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The most bytes of a picture.</summary>
    public long MaxBytes { get; init; } = DefaultMaxBytes;

    /// <summary>
    /// The most bytes of a body. Where a body is longer, the connection is closed before it was read, and many clients do not get to see
    /// the answer; so this leaves room above <see cref="MaxBytes"/>, and for a form's own lines.
    /// </summary>
    public long MaxBodyBytes => (2 * MaxBytes) + (1 << 16);

    /// <summary>The most pixels of a picture: small files may claim to be huge.</summary>
    public int MaxPixels { get; init; } = 1 << 22;
}
