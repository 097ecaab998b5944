using CnnFast.Onnx.Proto;
using CnnFast.Onnx.Reading;
using Google.Protobuf;
using DataType = CnnFast.Onnx.Proto.TensorProto.Types.DataType;

namespace CnnFast.Onnx.Tests.Reading;

/// <summary>Every way to write a tensor, short ones that are held and long ones that stay in the file.</summary>
public sealed class TensorEncodingTests
{
    public static TheoryData<int> Lengths => [0, 1, 5, 127, 3000];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Raw_data(int n)
    {
        float[] floats = Values(n, i => (i * 0.75f) - 3);
        float[] halves = Values(n, i => (float)(Half)(i * 0.37f));
        float[] bfloats = Values(n, i => BitConverter.UInt32BitsToSingle((uint)(i + 0x3F00) << 16));
        Holds(Protos.Raw("t", DataType.Float, floats, n), floats);
        Holds(Protos.Raw("t", DataType.Float16, Values(n, i => (Half)(i * 0.37f)), n), halves, "float16");
        Holds(Protos.Raw("t", DataType.Bfloat16, Values(n, i => (ushort)(i + 0x3F00)), n), bfloats, "bfloat16");
        Holds(Protos.Raw("t", DataType.Double, Values(n, i => i / 3.0), n), Values(n, i => (float)(i / 3.0)), "double");
        Holds(Protos.Raw("t", DataType.Int32, Values(n, i => -i * 1001), n), Values(n, i => -i * 1001));
        Holds(Protos.Raw("t", DataType.Int64, Values(n, i => long.MinValue + i), n), Values(n, i => long.MinValue + i));
        Holds(Protos.Raw("t", DataType.Uint8, Values(n, i => (byte)i), n), Values(n, i => (byte)i));
        Holds(Protos.Raw("t", DataType.Bool, Values(n, i => (byte)(i % 3)), n), Values(n, i => i % 3 != 0));
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Typed_data(int n)
    {
        float[] floats = Values(n, i => (i * 0.75f) - 3);
        Holds(Typed(DataType.Float, n, t => t.FloatData.AddRange(floats)), floats);
        Holds(Typed(DataType.Double, n, t => t.DoubleData.AddRange(Values(n, i => i / 3.0))), Values(n, i => (float)(i / 3.0)), "double");
        Holds(Typed(DataType.Float16, n, t => t.Int32Data.AddRange(Values(n, i => (int)BitConverter.HalfToUInt16Bits((Half)(-i * 0.37f))))),
            Values(n, i => (float)(Half)(-i * 0.37f)), "float16");
        Holds(Typed(DataType.Bfloat16, n, t => t.Int32Data.AddRange(Values(n, i => i + 0xBF00))),
            Values(n, i => BitConverter.UInt32BitsToSingle((uint)(i + 0xBF00) << 16)), "bfloat16");
        Holds(Typed(DataType.Int32, n, t => t.Int32Data.AddRange(Values(n, i => int.MinValue + i))), Values(n, i => int.MinValue + i));
        Holds(Typed(DataType.Int64, n, t => t.Int64Data.AddRange(Values(n, i => 1L << (i % 64)))), Values(n, i => 1L << (i % 64)));
        Holds(Typed(DataType.Uint8, n, t => t.Int32Data.AddRange(Values(n, i => i % 256))), Values(n, i => (byte)i));
        Holds(Typed(DataType.Bool, n, t => t.Int32Data.AddRange(Values(n, i => i % 2))), Values(n, i => i % 2 == 1));
    }

    [Fact]
    public void Scalars_and_several_dimensions()
    {
        Assert.Empty(Read(Protos.Raw("t", DataType.Float, new float[] { 7 })).Dimensions);
        Assert.Equal([2, 1, 3], Read(Protos.Raw("t", DataType.Float, new float[6], 2, 1, 3)).Dimensions);
        Assert.Equal([2, 0, 3], Read(Protos.Tensor("t", DataType.Float, 2, 0, 3)).Dimensions);
    }

    [Theory]
    [InlineData(3, "int8")]
    [InlineData(4, "uint16")]
    [InlineData(13, "uint64")]
    [InlineData(8, "string")]
    [InlineData(14, "complex64")]
    [InlineData(17, "float8e4m3fn")]
    [InlineData(99, "number 99")]
    public void Other_types_are_named(int type, string name)
    {
        var refused = Assert.Throws<NotSupportedException>(() => Read(Protos.Raw("t", (DataType)type, new byte[8], 1)));
        Assert.Equal($"'the model in memory': tensor 't' is of type {name}; supported are float, float16, bfloat16, double, int32, " +
            "int64, uint8 and bool.", refused.Message);
    }

    [Fact]
    public void Elements_must_fit_the_dimensions()
    {
        foreach (int n in (int[])[2, 4, 1000, 1002])
        {
            long expected = n < 10 ? 3 : 1001;
            Refused(Protos.Raw("t", DataType.Float, new float[n], expected), $"expected {expected} elements");
            Refused(Typed(DataType.Float, expected, t => t.FloatData.AddRange(new float[n])), $"expected {expected} elements");
            Refused(Typed(DataType.Int64, expected, t => t.Int64Data.AddRange(Values(n, i => 1000L * i))),
                n < 1000 ? $"expected {expected} elements" : "");
        }

        Refused(Protos.Tensor("t", DataType.Float, 1), "holds no elements; expected 1 elements");
        Refused(Protos.Raw("t", DataType.Float, new byte[1], 0), "expected 0 elements");
        Refused(Typed(DataType.Int64, 3000, t => t.Int64Data.AddRange(new long[2000])), "expected 3000 elements");
    }

    [Fact]
    public void Dimensions_that_cannot_be_are_refused()
    {
        Refused(Protos.Tensor("t", DataType.Float, 2, -1), "has -1 as dimension 1");
        Refused(Protos.Tensor("t", DataType.Float, 1L << 40), "as dimension 0");
        Refused(Protos.Tensor("t", DataType.Float, 1 << 16, 1 << 16), "more elements than");
        Refused(Protos.Tensor("t", DataType.Float, 1 << 30, 1 << 30, 16), "more elements than");
        Refused(Protos.Tensor("t", DataType.Int64, 1 << 30), "MaxTensorBytes");
        Assert.Throws<NotSupportedException>(() => Read(Protos.Tensor("t", DataType.Float, Values(65, _ => 1L))));
    }

    [Fact]
    public void Elements_in_the_wrong_place_are_refused()
    {
        Refused(Typed(DataType.Float, 1, t => t.Int32Data.Add(1)),
            "of type float holds its elements as int32_data; expected float_data or raw_data");
        TensorProto both = Protos.Raw("t", DataType.Float, new float[1000], 1000);
        both.FloatData.Add(1);
        Refused(both, "in pieces, as raw_data and as float_data");
        Refused(Typed(DataType.Uint8, 1, t => t.Int32Data.Add(256)), "the number 256, which is no element of type uint8");
        Refused(Typed(DataType.Bool, 1, t => t.Int32Data.Add(-1)), "the number -1, which is no element of type bool");
        Refused(Typed(DataType.Float16, 2000, t => t.Int32Data.AddRange(Values(2000, i => i * 50))), "which is no element of type float16");
        Refused(Protos.Tensor("t", DataType.Undefined, 1), "has no type");
        TensorProto elsewhere = Protos.Raw("t", DataType.Float, new float[1], 1);
        elsewhere.DataLocation = (TensorProto.Types.DataLocation)5;
        Refused(elsewhere, "at the location 5");
    }

    [Fact]
    public void Tensors_of_attributes_are_read_and_named_by_their_node()
    {
        NodeProto constant = Protos.Node("Constant", [], ["y"],
            Protos.Attribute("value", Protos.Raw("", DataType.Float16, Values(2000, i => (Half)i), 2000)));
        using OnnxFile file = OnnxFile.Read(Protos.Model(constant).ToByteArray(), new OnnxImportOptions());
        TensorProto tensor = file.Model.Graph.Node[0].Attribute[0].T;
        Assert.Empty(tensor.RawData);
        Assert.Equal(Values(2000, i => (float)(Half)i), file.ReadTensor(tensor).Values<float>().ToArray());
        Assert.Equal(["node 'the Constant' (Constant), attribute 'value': float16 read as float32"], file.Notes);
    }

    private static void Holds<T>(TensorProto tensor, T[] expected, string? converted = null)
        where T : unmanaged
    {
        using OnnxFile file = File(tensor);
        foreach (OnnxTensor read in (OnnxTensor[])[file.ReadInitializer("t"), file.ReadTensor(file.Model.Graph.Initializer[0])])
            Assert.Equal(expected, read.Values<T>().ToArray());
        Assert.Equal(converted is null ? [] : [$"tensor 't': {converted} read as float32"], file.Notes);
    }

    private static void Refused(TensorProto tensor, string part) =>
        Assert.Contains(part, Assert.Throws<DataFormatException>(() => Read(tensor)).Message, StringComparison.Ordinal);

    private static OnnxTensor Read(TensorProto tensor)
    {
        using OnnxFile file = File(tensor);
        return file.ReadInitializer("t");
    }

    private static OnnxFile File(TensorProto tensor)
    {
        ModelProto model = Protos.Model();
        model.Graph.Initializer.Add(tensor);
        return OnnxFile.Read(model.ToByteArray(), new OnnxImportOptions());
    }

    private static TensorProto Typed(DataType type, long n, Action<TensorProto> fill)
    {
        TensorProto tensor = Protos.Tensor("t", type, n);
        fill(tensor);
        return tensor;
    }

    private static T[] Values<T>(int n, Func<int, T> value) => [.. Enumerable.Range(0, n).Select(value)];
}
