namespace CnnFast.Training;

/// <summary>The weights of a parameter, cut into blocks of a number that does not depend on threads.</summary>
/// <param name="length">The weights.</param>
/// <param name="isWhole">Whether they are one block.</param>
internal readonly struct WeightBlocks(int length, bool isWhole = false)
{
    private const int Block = 16384;

    private readonly int _block = isWhole ? length : Block;

    /// <summary>The blocks.</summary>
    public int Count => ((length - 1) / _block) + 1;

    /// <summary>The weights of a block.</summary>
    public (int Start, int Count) this[int index] => (index * _block, Math.Min(_block, length - (index * _block)));
}
