using System.Runtime.InteropServices;
using CnnFast.Files;

namespace CnnFast.Data;

/// <summary>Data sets in NumPy files: one of inputs and one of targets, each with the samples as its first dimension.</summary>
/// <example>
/// <code>
/// IDataset train = NpyDataset.Load("x_train.npy", "y_train.npy");
/// </code>
/// </example>
public static class NpyDataset
{
    /// <summary>
    /// Reads inputs and targets. Inputs of bytes (<c>|u1</c>) in three or four dimensions, <c>[N, H, W]</c> or <c>[N, H, W, C]</c>, are
    /// images and the result is an <see cref="IImageDataset"/>; others are numbers. Targets of whole numbers are labels: <c>[N]</c> (or
    /// <c>[N, 1]</c>) one a sample, <c>[N, …]</c> several, such as one a pixel. Targets of floats are values, <c>[N]</c> as
    /// <c>[N, 1]</c>; truth values are 0 and 1.
    /// </summary>
    /// <param name="inputs">The file of the inputs.</param>
    /// <param name="targets">The file of the targets.</param>
    /// <param name="classes">Where the targets are labels, the number of classes; 0, the default, means the largest label plus 1.</param>
    /// <returns>The data set.</returns>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="DataFormatException">A file is not a whole NumPy file of a type that can be read, the files do not fit together,
    /// a label is out of range, or a number is not finite.</exception>
    public static IDataset Load(string inputs, string targets, int classes = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(classes);
        (NpyElement element, Shape shape, byte[] bytes) = NpyFile.ReadElements(inputs);
        (NpyElement targetElement, Shape targetShape, byte[] targetBytes) = NpyFile.ReadElements(targets);
        if (shape.Rank < 2)
            throw new DataFormatException($"'{inputs}' has the shape {shape}; expected samples of at least one dimension, [N, …].");
        if (targetShape.Rank < 1 || targetShape[0] != shape[0])
            throw new DataFormatException($"'{targets}' has the shape {targetShape}; expected the targets of {shape[0]} samples, " +
                $"as '{inputs}' has the shape {shape}.");
        Shape target = Rest(targetShape);
        try
        {
            return targetElement.Kind is 'i' or 'u'
                ? Labelled(element, shape, bytes, Labels(targets, target, Integers(targets, targetElement, targetBytes), classes))
                : Valued(element, shape, bytes, target.Rank == 0 ? new Shape(1) : target, Floats(targetElement, targetBytes));
        }
        catch (ArgumentException e)
        {
            throw new DataFormatException($"'{inputs}' with '{targets}': {e.Message}", e);
        }
    }

    private static IDataset Labelled(NpyElement element, Shape shape, byte[] bytes, (TargetInfo Target, int[] Labels) targets) =>
        ImageShape(element, shape) is { } image
            ? new ImageDataset(image, bytes, targets.Target, targets.Labels)
            : new ArrayDataset(Rest(shape), Floats(element, bytes), targets.Target, targets.Labels);

    private static IDataset Valued(NpyElement element, Shape shape, byte[] bytes, Shape target, float[] values) =>
        ImageShape(element, shape) is { } image
            ? new ImageDataset(image, bytes, target, values)
            : new ArrayDataset(Rest(shape), Floats(element, bytes), target, values);

    private static (TargetInfo Target, int[] Labels) Labels(string name, Shape target, int[] labels, int classes)
    {
        int most = labels.Max();
        int least = labels.Min();
        if (least < 0 || (classes > 0 && most >= classes))
        {
            int at = Array.FindIndex(labels, label => label < 0 || (classes > 0 && label >= classes));
            throw new DataFormatException($"'{name}': label {at} is {labels[at]}; " +
                $"expected {(classes > 0 ? $"0 to {classes - 1}" : "0 or more")}.");
        }

        classes = classes > 0 ? classes : checked(most + 1);
        return (target == new Shape(1) ? TargetInfo.Labels(classes) : TargetInfo.Labels(target, classes), labels);
    }

    private static Shape? ImageShape(NpyElement element, Shape shape) => element.Kind != 'u'
        ? null
        : shape.Rank switch
        {
            3 => new Shape(shape[1], shape[2], 1),
            4 => new Shape(shape[1], shape[2], shape[3]),
            _ => null,
        };

    private static Shape Rest(Shape shape) => shape.Rank == 1 ? default : new Shape(shape.Dimensions[1..]);

    private static int[] Integers(string name, NpyElement element, byte[] bytes)
    {
        var values = new int[bytes.Length / element.Size];
        for (int i = 0; i < values.Length; i++)
        {
            long value = element.Size switch
            {
                1 => bytes[i],
                4 => MemoryMarshal.Read<int>(bytes.AsSpan(i * 4)),
                _ => MemoryMarshal.Read<long>(bytes.AsSpan(i * 8)),
            };
            values[i] = value is >= int.MinValue and < int.MaxValue
                ? (int)value
                : throw new DataFormatException($"'{name}': label {i} is {value}; expected one of 32 bits.");
        }

        return values;
    }

    private static float[] Floats(NpyElement element, byte[] bytes)
    {
        var values = new float[bytes.Length / element.Size];
        if (element.IsFloat)
            bytes.CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
        else
            element.Convert(bytes, values);
        return values;
    }
}
