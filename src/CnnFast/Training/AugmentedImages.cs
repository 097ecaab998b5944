using System.Buffers;
using CnnFast.Data;

namespace CnnFast.Training;

/// <summary>
/// Images that are changed at random, anew in every epoch. What happens to an image depends on the seed, the epoch and its place in the
/// data set alone, and is computed in double with functions of our own: the same bits on every machine.
/// </summary>
internal sealed class AugmentedImages(IImageDataset data, Normalization normalization, ImageAugmentation augmentation, ulong seed)
    : IDataset
{
    // Keeps these random numbers apart from those that other users draw from the same seed.
    private const ulong Stream = 0x4155474D454E54UL;

    private int H => data.ImageShape[0];

    private int W => data.ImageShape[1];

    private int C => data.ImageShape[2];

    public int Count => data.Count;

    public IReadOnlyList<Shape> Inputs => [data.ImageShape];

    public IReadOnlyList<TargetInfo> Targets => data.Targets;

    public bool HasSampleWeights => data.HasSampleWeights;

    public void Fill(ReadOnlySpan<int> indices, int epoch, BatchBuffers batch)
    {
        int length = data.ImageShape.ElementCount;
        Span<float> images = batch.Input();
        byte[] bytes = ArrayPool<byte>.Shared.Rent(length);
        for (int i = 0; i < indices.Length; i++)
        {
            var random = new SeededRandom(seed ^ Stream, ((ulong)epoch << 32) | (uint)indices[i]);
            data.ReadImage(indices[i], bytes.AsSpan(0, length));
            Transform(bytes.AsSpan(0, length), images.Slice(i * length, length), ref random);
        }

        ArrayPool<byte>.Shared.Return(bytes);
        data.FillTargets(indices, batch);
    }

    private void Transform(ReadOnlySpan<byte> source, Span<float> destination, ref SeededRandom random)
    {
        double down = Draw(ref random, augmentation.MaxShift);
        double right = Draw(ref random, augmentation.MaxShift);
        double turns = Draw(ref random, augmentation.MaxRotation) / 360;
        double scale = 1 + Draw(ref random, augmentation.MaxScale);
        double cos = CosTurns(turns) / scale;
        double sin = CosTurns(turns - 0.25) / scale;
        double centerRow = (H - 1) / 2.0;
        double centerColumn = (W - 1) / 2.0;
        int at = 0;
        for (int i = 0; i < H; i++)
        {
            for (int j = 0; j < W; j++)
            {
                double y = i - centerRow - down;
                double x = j - centerColumn - right;
                Sample(source, centerRow + (cos * y) + (sin * x), centerColumn - (sin * y) + (cos * x), destination.Slice(at, C));
                at += C;
            }
        }
    }

    private void Sample(ReadOnlySpan<byte> source, double row, double column, Span<float> pixel)
    {
        double top = Math.Floor(row);
        double left = Math.Floor(column);
        double lower = row - top;
        double righter = column - left;
        for (int c = 0; c < pixel.Length; c++)
        {
            double upper = (At(source, top, left, c) * (1 - righter)) + (At(source, top, left + 1, c) * righter);
            double under = (At(source, top + 1, left, c) * (1 - righter)) + (At(source, top + 1, left + 1, c) * righter);
            double value = (upper * (1 - lower)) + (under * lower);
            pixel[c] = (float)((value * normalization.ScaleOf(c)) + normalization.OffsetOf(c));
        }
    }

    private int At(ReadOnlySpan<byte> source, double row, double column, int channel) =>
        row >= 0 && row < H && column >= 0 && column < W ? source[((((int)row * W) + (int)column) * C) + channel] : 0;

    private static double CosTurns(double turns) => StableMath.CosTurns(Math.Abs(turns));

    private static double Draw(ref SeededRandom random, double limit) => ((2 * random.NextDouble()) - 1) * limit;
}
