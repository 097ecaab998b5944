namespace CnnFast.Tests.Training;

/// <summary>An event as <see cref="EventReader"/> found it.</summary>
internal sealed class ReadEvent
{
    public double WallTime { get; set; }

    public long Step { get; set; }

    public string? Version { get; set; }

    public byte[]? Session { get; set; }

    public List<(string Tag, float Value)> Scalars { get; } = [];
}
