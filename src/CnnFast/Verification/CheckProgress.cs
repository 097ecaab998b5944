namespace CnnFast.Verification;

/// <summary>How far a check is.</summary>
/// <param name="Done">Steps done.</param>
/// <param name="Total">Steps in all.</param>
/// <param name="Name">The tensor or layer that was checked last.</param>
public readonly record struct CheckProgress(int Done, int Total, string Name);
