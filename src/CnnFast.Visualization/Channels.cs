namespace CnnFast.Visualization;

/// <summary>Where the channels of an input are.</summary>
internal static class Channels
{
    /// <summary>Whether an input lies as planes, <c>[C, H, W]</c>: as those of imported models do in the order of their files.</summary>
    public static bool AreFirst(Shape input) => input.Rank == 3 && input[0] is 1 or 3 && input[2] is not (1 or 3);
}
