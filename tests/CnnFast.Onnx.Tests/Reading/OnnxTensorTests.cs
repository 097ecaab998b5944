namespace CnnFast.Onnx.Tests.Reading;

public sealed class OnnxTensorTests
{
    [Fact]
    public void Values_of_each_type_come_back()
    {
        Holds([1.5f, -0f, float.NaN], ElementType.Float32);
        Holds([1, int.MinValue, int.MaxValue], ElementType.Int32);
        Holds([1, long.MinValue, long.MaxValue], ElementType.Int64);
        Holds(new byte[] { 0, 1, 255 }, ElementType.UInt8);
        Holds([true, false, true], ElementType.Bool);

        static void Holds<T>(T[] values, ElementType type)
            where T : unmanaged
        {
            OnnxTensor tensor = OnnxTensor.Create(values, 1, 3);
            Assert.Equal(type, tensor.ElementType);
            Assert.Equal([1, 3], tensor.Dimensions);
            Assert.Equal(3, tensor.Count);
            Assert.Equal(values, tensor.Values<T>().ToArray());
        }
    }

    [Fact]
    public void The_values_are_copied()
    {
        float[] values = [1, 2];
        OnnxTensor tensor = OnnxTensor.Create(values, 2);
        values[0] = 5;
        Assert.Equal([1, 2], tensor.Values<float>().ToArray());
    }

    [Fact]
    public void Scalars_and_empty_tensors_are_tensors()
    {
        Assert.Empty(OnnxTensor.Create([7]).Dimensions);
        Assert.Equal(0, OnnxTensor.Create(Array.Empty<long>(), 0, int.MaxValue, int.MaxValue).Count);
        Assert.Equal([int.MaxValue, int.MaxValue, 0], OnnxTensor.Allocate(ElementType.Bool, int.MaxValue, int.MaxValue, 0).Dimensions);
    }

    [Fact]
    public void What_makes_no_tensor_is_refused()
    {
        Assert.StartsWith("OnnxTensor.Create: 2 values do not fill the dimensions [3].",
            Assert.Throws<ArgumentException>(() => OnnxTensor.Create([1, 2], 3)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => OnnxTensor.Create(new float[1], 1 << 16, 1 << 16));
        Assert.Throws<ArgumentOutOfRangeException>(() => OnnxTensor.Create([1, 2], -1, -2));
        Assert.Throws<NotSupportedException>(() => OnnxTensor.Create([1.0, 2.0], 2));
        Assert.Throws<NotSupportedException>(() => OnnxTensor.Allocate(ElementType.Int64, 1 << 30));
        Assert.Throws<InvalidOperationException>(() => OnnxTensor.Create([1, 2], 2).Values<float>().Length);
    }
}
