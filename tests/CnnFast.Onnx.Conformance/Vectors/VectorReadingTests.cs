using CnnFast.Onnx.Conformance.Running;
using CnnFast.Onnx.Proto;
using CnnFast.Onnx.Reading;

namespace CnnFast.Onnx.Conformance.Vectors;

/// <summary>The reader of files on all vectors, supported or not.</summary>
public sealed class VectorReadingTests
{
    private static readonly OnnxImportOptions s_options = new();

    [Fact]
    public void Every_model_is_read()
    {
        foreach (Vector vector in VectorArchive.All)
        {
            using OnnxFile file = OnnxFile.Read(vector.Files["model.onnx"], s_options);
            Assert.Equal(vector.Model().Graph.Node.Count, file.Model.Graph.Node.Count);
        }
    }

    [Fact]
    public void Every_tensor_is_what_another_reader_reads()
    {
        int compared = 0;
        foreach (Vector vector in VectorArchive.All)
        {
            using OnnxFile file = OnnxFile.Read(vector.Files["model.onnx"], s_options);
            IEnumerable<TensorProto> initializers = vector.Model().Graph.Initializer;
            IEnumerable<TensorProto> data = vector.DataSets().Where(dataSet => vector.Inputs(dataSet) is not null)
                .SelectMany(dataSet => vector.Files.Where(f => f.Key.StartsWith($"{dataSet}/input_", StringComparison.Ordinal))
                    .Select(f => TensorProto.Parser.ParseFrom(f.Value)));
            foreach (TensorProto tensor in initializers.Concat(data))
            {
                if (VectorTensor.Read(tensor) is not { } expected)
                    continue;
                OnnxTensor read = initializers.Contains(tensor) ? file.ReadInitializer(tensor.Name) : file.ReadTensor(tensor);
                Assert.Null(Comparison.Difference(Named(expected), Named(read), new Bound(0, 0, 0, "the same bits")));
                compared++;
            }
        }

        Assert.True(compared > 1500, $"{compared} tensors were compared.");
    }

    private static Dictionary<string, OnnxTensor> Named(OnnxTensor tensor) => new() { ["tensor"] = tensor };
}
