#if os(Linux)
    import XCTest

    /// What the library does to the signals of the program that it is in.
    final class SignalTests: XCTestCase {
        func testABrokenPipeDoesNotEndTheProgram() throws {
            XCTAssertEqual(try run("default").suffix(1), ["alive"])
        }

        func testAHandlerOfTheProgramsOwnStays() throws {
            let kept = ["same flags: true", "same mask: true"]
            XCTAssertEqual(try run("handler"), kept + ["handled", "alive"])
            XCTAssertEqual(try run("info"), kept + ["handled with information: true", "alive"])
        }

        private func run(_ way: String) throws -> [String] {
            let ran = try shell([Places.built.appendingPathComponent("SignalHandler").path, way])
            XCTAssertEqual(ran.status, 0, ran.output)
            return ran.output.split(separator: "\n").map(String.init)
        }
    }
#endif
