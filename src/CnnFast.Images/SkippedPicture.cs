namespace CnnFast.Images;

/// <summary>A picture that was left out because it cannot be decoded.</summary>
/// <param name="File">Its file.</param>
/// <param name="Reason">What is wrong with it, one sentence.</param>
public sealed record SkippedPicture(string File, string Reason);
