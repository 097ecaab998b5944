using CnnFast.Onnx.Proto;
using CnnFast.Onnx.Reading;

namespace CnnFast.Onnx.Conformance.Vectors;

/// <summary>The models of the vectors as files: sound, and their weights as written.</summary>
public sealed class VectorFileTests
{
    [Fact]
    public void Models_are_sound_and_their_weights_are_read()
    {
        int sound = 0;
        foreach (Vector vector in VectorArchive.All)
        {
            try
            {
                using OnnxFile file = OnnxFile.Read(vector.Files["model.onnx"], new OnnxImportOptions());
                OnnxChecker.Check(file);
                foreach (TensorProto tensor in vector.Model().Graph.Initializer)
                {
                    if (VectorTensor.Read(tensor) is { } expected)
                        Assert.Equal(expected.Bytes.ToArray(), file.ReadInitializer(tensor.Name).Bytes.ToArray());
                }

                sound++;
            }
            catch (NotSupportedException)
            {
                // Sequences, other operator sets and the like.
            }
            catch (DataFormatException refused)
            {
                Assert.Fail($"{vector.Name}: {refused.Message}");
            }
        }

        Assert.InRange(sound, VectorArchive.All.Count * 9 / 10, VectorArchive.All.Count);
    }
}
